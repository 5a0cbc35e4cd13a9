"""How well one measure agrees with another: Pearson's and Spearman's correlation with their intervals."""

import math
from collections.abc import Sequence
from itertools import groupby
from statistics import correlation
from typing import Final

from analytics.sentiment.types import Correlation

_Z95: Final = 1.959964
#: The variance of Spearman's coefficient is this much larger (Fieller, Hartley and Pearson 1957).
_RANK_VARIANCE: Final = 1.06


def pearson(left: Sequence[float], right: Sequence[float]) -> Correlation:
    """Of four pairs at least, neither side constant."""
    return _with_interval(correlation(left, right), len(left), 1.0)


def spearman(left: Sequence[float], right: Sequence[float]) -> Correlation:
    """Pearson's of the ranks; ties share the mean of their ranks."""
    return _with_interval(correlation(ranks(left), ranks(right)), len(left), _RANK_VARIANCE)


def ranks(values: Sequence[float]) -> list[float]:
    """From 1; equal values get the mean of their places."""
    ordered = sorted(range(len(values)), key=lambda index: values[index])
    found, place = [0.0] * len(values), 0
    for _, group in groupby(ordered, key=lambda index: values[index]):
        tied = list(group)
        for index in tied:
            found[index] = place + (len(tied) + 1) / 2
        place += len(tied)
    return found


def _with_interval(value: float, n: int, variance: float) -> Correlation:
    bounded = max(min(value, 1 - 1e-12), -1 + 1e-12)
    spread = _Z95 * math.sqrt(variance / (n - 3))
    middle = math.atanh(bounded)
    return Correlation(value, math.tanh(middle - spread), math.tanh(middle + spread), n)
