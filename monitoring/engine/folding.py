"""Values of seconds become samples.

Contract   A fold of a series tells min, max, sum, count and last. Seconds without a value leave no trace; a series
           without any has no fold.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from monitoring.types import SeriesKey


@dataclass(slots=True)
class Fold:
    min: float
    max: float
    sum: float
    last: float
    count: int

    def add(self, value: float) -> None:
        self.min = min(self.min, value)
        self.max = max(self.max, value)
        self.sum += value
        self.last = value
        self.count += 1


def folded(seconds: Mapping[int, Mapping[SeriesKey, float | None]]) -> dict[SeriesKey, Fold]:
    """Fold the values of ``seconds``, whose keys say their order. NaN and infinity count as no value."""
    folds: dict[SeriesKey, Fold] = {}
    for second in sorted(seconds):
        for key, value in seconds[second].items():
            if value is None or not math.isfinite(value):
                continue
            value = float(value)
            if key in folds:
                folds[key].add(value)
            else:
                folds[key] = Fold(value, value, value, value, 1)
    return folds
