"""What has changed for real between two spans of days.

Contract   Pure. Days are compared by Welch's t: a change counts when it is too large for the usual differences
           between days. Spans of fewer than ``DAYS_MIN`` days say nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DAYS_MIN: Final = 7
#: About one in forty by chance, each way.
T_MIN: Final = 2.0


@dataclass(frozen=True, slots=True)
class Shift:
    """Means of a day, and how many standard errors they are apart."""

    before: float
    now: float
    t: float

    @property
    def is_significant(self) -> bool:
        return abs(self.t) >= T_MIN


def shift(before: Sequence[float], now: Sequence[float]) -> Shift | None:
    """How ``now`` differs from ``before``; None when there is too little to tell."""
    if len(before) < DAYS_MIN or len(now) < DAYS_MIN:
        return None
    (mean_before, error_before), (mean_now, error_now) = _mean_error(before), _mean_error(now)
    error = math.sqrt(error_before + error_now)
    if not error:
        return None
    return Shift(mean_before, mean_now, (mean_now - mean_before) / error)


def _mean_error(values: Sequence[float]) -> tuple[float, float]:
    """The mean, and its squared standard error."""
    mean = sum(values) / len(values)
    return mean, sum((value - mean) ** 2 for value in values) / (len(values) - 1) / len(values)
