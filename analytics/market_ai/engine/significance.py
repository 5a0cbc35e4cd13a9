"""Tests of significance that insights rest on, in plain Python.

Contract   Each answers the two-sided probability of what was seen, or something rarer, if nothing is going on.
           ``discoveries`` holds the share of false ones among those that it keeps at ``level`` (Benjamini, Hochberg).
"""

import math
from collections.abc import Sequence
from typing import Final

_STEPS_MAX: Final = 300
_TINY: Final = 1e-30


def normal_p(z: float) -> float:
    """Of a standard normal value."""
    return math.erfc(abs(z) / math.sqrt(2.0))


def student_p(t: float, freedom: int) -> float:
    """Of Student's t with ``freedom`` degrees of freedom, at least 1."""
    return _incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t * t))


def mean_test(values: Sequence[float], expected: float = 0.0) -> tuple[float, float]:
    """Student's t of two values at least, and its probability; nothing to test without any spread: 0 and 1."""
    count = len(values)
    mean = math.fsum(values) / count
    variance = math.fsum((value - mean) ** 2 for value in values) / (count - 1)
    if variance <= 0.0:
        return 0.0, 1.0
    t = (mean - expected) / math.sqrt(variance / count)
    return t, student_p(t, count - 1)


def outlier_test(newest: float, before: Sequence[float]) -> tuple[float, float]:
    """Whether ``newest`` is another one of ``before`` (two at least): t of the prediction, and its probability."""
    count = len(before)
    mean = math.fsum(before) / count
    variance = math.fsum((value - mean) ** 2 for value in before) / (count - 1)
    if variance <= 0.0:
        return 0.0, 1.0
    t = (newest - mean) / math.sqrt(variance * (1.0 + 1.0 / count))
    return t, student_p(t, count - 1)


def balance_test(hits: int, count: int) -> tuple[float, float]:
    """Whether ``hits`` of ``count`` are a fair half: z with a correction for steps, and its probability."""
    if count == 0:
        return 0.0, 1.0
    distance = max(abs(hits - count / 2.0) - 0.5, 0.0)
    z = math.copysign(distance / math.sqrt(count / 4.0), hits - count / 2.0)
    return z, normal_p(z)


def correlation_test(left: Sequence[float], right: Sequence[float]) -> tuple[float, float]:
    """Pearson's coefficient of four pairs at least, and its probability; 0 and 1 when one side is constant."""
    count = len(left)
    means = math.fsum(left) / count, math.fsum(right) / count
    a, b = [x - means[0] for x in left], [y - means[1] for y in right]
    scale = math.sqrt(math.fsum(x * x for x in a) * math.fsum(y * y for y in b))
    if scale <= 0.0:
        return 0.0, 1.0
    value = max(min(math.fsum(x * y for x, y in zip(a, b, strict=True)) / scale, 1.0), -1.0)
    rest = 1.0 - value * value
    return value, student_p(value * math.sqrt((count - 2) / rest), count - 2) if rest > 0.0 else 0.0


def discoveries(chances: Sequence[float], level: float = 0.05) -> list[float | None]:
    """For each chance its adjusted value if it is kept at ``level``, else ``None``."""
    order = sorted(range(len(chances)), key=lambda index: -chances[index])
    found: list[float | None] = [None] * len(chances)
    lowest, count = 1.0, len(chances)
    for place, index in enumerate(order):
        lowest = min(lowest, chances[index] * count / (count - place))
        found[index] = lowest if lowest <= level else None
    return found


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _fraction(a, b, x) / a
    return 1.0 - front * _fraction(b, a, 1.0 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 / _held(1.0 - (a + b) * x / (a + 1.0))
    value = d
    for step in range(1, _STEPS_MAX):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        d, c = 1.0 / _held(1.0 + even * d), _held(1.0 + even / c)
        value *= d * c
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        d, c = 1.0 / _held(1.0 + odd * d), _held(1.0 + odd / c)
        value *= d * c
        if abs(d * c - 1.0) < 1e-12:
            break
    return value


def _held(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
