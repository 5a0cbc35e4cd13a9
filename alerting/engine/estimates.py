"""Small estimates that rules need: medians, straight lines, normal tails.

Contract   Pure arithmetic on lists of numbers, without another library. None where the numbers can't tell.
"""

import functools
import math
from collections.abc import Sequence
from itertools import repeat
from operator import mul, sub
from typing import Final, NamedTuple

#: Makes the median of absolute deviations agree with the standard deviation of normal values.
_NORMAL: Final = 1.4826
_LINE_MIN: Final = 3


class Outlook(NamedTuple):
    """What a value is expected to be, and its standard error."""

    mean: float
    error: float


def median(values: Sequence[float]) -> float:
    assert values
    return _middle(sorted(values))


def _middle(ordered: Sequence[float]) -> float:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def deviations(value: float, values: Sequence[float]) -> float:
    """How many robust standard deviations a value is away from the median of the others.

    Where the others hardly vary, a thousandth of their size counts as one deviation, so that rounding is no surprise.
    """
    assert values
    ordered = sorted(values)
    middle = _middle(ordered)
    # Distances from the middle of what is in order fall and then rise, which sorts in one pass.
    spread = _NORMAL * _middle(sorted(map(abs, map(sub, ordered, repeat(middle)))))
    return abs(value - middle) / max(spread, abs(middle) / 1000, 1e-9)


def outlook(times: Sequence[float], values: Sequence[float], at: float) -> Outlook | None:
    """Where the straight line of least squares will be, with the error of one new value there."""
    count = len(times)
    if count < _LINE_MIN or times[-1] <= times[0]:
        return None
    middle, apart, squares = _spread(tuple(times))
    mean = sum(values) / count
    above = list(map(sub, values, repeat(mean)))
    slope = sum(map(mul, apart, above)) / squares
    # What the line leaves unexplained, which rounding may take below nothing.
    variance = max(sum(map(mul, above, above)) - slope**2 * squares, 0.0) / (count - 2)
    distance = at - middle
    return Outlook(mean + slope * distance, math.sqrt(variance * (1 + 1 / count + distance**2 / squares)))


@functools.lru_cache(maxsize=64)
def _spread(times: tuple[float, ...]) -> tuple[float, tuple[float, ...], float]:
    """The middle of the times, how far each is from it, and the sum of those squared; the same for many series."""
    middle = sum(times) / len(times)
    apart = tuple(time - middle for time in times)
    return middle, apart, sum(map(mul, apart, apart))


def chance_above(expected: Outlook, bound: float) -> float:
    """The chance of a normal value to be at ``bound`` or above."""
    if expected.error <= 0:
        return 1.0 if expected.mean >= bound else 0.0
    return 0.5 * math.erfc((bound - expected.mean) / (expected.error * math.sqrt(2)))
