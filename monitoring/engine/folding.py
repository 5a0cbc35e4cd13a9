"""Values of seconds become samples.

Contract   A fold of a series tells min, max, sum, count, last and how many values were beyond the critical
           threshold. Seconds without a value leave no trace; a series without any has no fold.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from monitoring.engine.health import state_of
from monitoring.types import SeriesKey, State, Thresholds


@dataclass(slots=True)
class Fold:
    min: float
    max: float
    sum: float
    last: float
    count: int
    anomaly_count: int

    def add(self, value: float, *, is_anomaly: bool) -> None:
        self.min = min(self.min, value)
        self.max = max(self.max, value)
        self.sum += value
        self.last = value
        self.count += 1
        self.anomaly_count += is_anomaly


def folded(
    seconds: Mapping[int, Mapping[SeriesKey, float | None]], thresholds: Mapping[str, Thresholds]
) -> dict[SeriesKey, Fold]:
    """Fold the values of ``seconds``, whose keys say their order. NaN and infinity count as no value."""
    folds: dict[SeriesKey, Fold] = {}
    for second in sorted(seconds):
        for key, value in seconds[second].items():
            if value is None or not math.isfinite(value):
                continue
            is_anomaly = state_of(key.name, value, thresholds.get(key.name)) is State.CRITICAL
            value = float(value)
            if key in folds:
                folds[key].add(value, is_anomaly=is_anomaly)
            else:
                folds[key] = Fold(value, value, value, value, 1, int(is_anomaly))
    return folds
