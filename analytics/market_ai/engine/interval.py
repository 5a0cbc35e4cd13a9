"""From a probability and a reach to the interval that is shown."""

import math
from typing import Final

_FLOOR: Final = 0.02


def unit_of(probability: float) -> float:
    """What the outcome typically misses the probability by; never so small that rare surprises rule."""
    return math.sqrt(probability * (1.0 - probability) + _FLOOR**2)


def interval_of(probability: float, reach: float) -> tuple[float, float]:
    """Low and high, within 0 and 1."""
    wide = reach * unit_of(probability)
    return max(0.0, probability - wide), min(1.0, probability + wide)
