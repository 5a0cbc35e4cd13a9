"""Where a series goes: a straight line through its last hour, and how much of it the line explains.

Contract   Pure. Values are one a minute, None where nothing is known. R2, the share of the variance that the line
           explains, is the confidence. What was never below zero, a latency say, isn't said to get there.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

AHEAD_MIN: Final = 30
POINTS_MIN: Final = 10


@dataclass(frozen=True, slots=True)
class Trend:
    """``slope`` by the minute."""

    now: float
    ahead: float
    slope: float
    r2: float
    points: int


def trend(values: Sequence[float | None], *, ahead_min: int = AHEAD_MIN) -> Trend | None:
    """The line of least squares; None with fewer than ``POINTS_MIN`` values."""
    points = [(float(place), value) for place, value in enumerate(values) if value is not None]
    if len(points) < POINTS_MIN:
        return None
    count = len(points)
    middle, mean = sum(place for place, _ in points) / count, sum(value for _, value in points) / count
    spread = sum((place - middle) ** 2 for place, _ in points)
    together = sum((place - middle) * (value - mean) for place, value in points)
    variance = sum((value - mean) ** 2 for _, value in points)
    slope = together / spread
    last = len(values) - 1
    r2 = slope * together / variance if variance > 0 else 0.0
    now = mean + slope * (last - middle)
    lowest = 0.0 if min(value for _, value in points) >= 0 else -math.inf
    ahead = max(lowest, now + slope * ahead_min)
    return Trend(max(lowest, now), ahead, slope, min(1.0, max(0.0, r2)), count)
