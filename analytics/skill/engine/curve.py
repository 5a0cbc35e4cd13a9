"""The calibration curve: whether what was said to be 70 % happens in 70 of 100 cases.

Contract   Pure. Bins are tenths of the probability; an empty one has no mean. The interval is Wilson's for 95 %, with
           each forecast counted as one case.
"""

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Final

from analytics.skill.types import BINS, WHOLE, Bin

_Z: Final = 1.959964


def bins_of(sums: Mapping[int, tuple[int, int, int]]) -> tuple[Bin, ...]:
    """All tenths; ``sums`` by number of the tenth: count, sum of forecasts, sum of what they paid."""
    return tuple(_bin(place, *sums.get(place, (0, 0, 0))) for place in range(BINS))


def _bin(place: int, count: int, forecast: int, happened: int) -> Bin:
    low, high = place / BINS, (place + 1) / BINS
    if not count:
        return Bin(low, high, 0)
    share = happened / count / WHOLE
    return Bin(low, high, count, forecast / count / WHOLE, share, interval(share, count))


def interval(share: float, count: int) -> tuple[float, float]:
    """Between which shares the true one lies, nineteen times in twenty, when ``share`` of ``count`` happened."""
    spread = 1 + _Z * _Z / count
    middle = (share + _Z * _Z / (2 * count)) / spread
    half = _Z / spread * sqrt(share * (1 - share) / count + _Z * _Z / (4 * count * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def curve_error(bins: Iterable[Bin]) -> float | None:
    """Mean distance between what was said and what happened, each tenth weighed by its count."""
    filled = [(one.count, abs(one.forecast - one.happened)) for one in bins if one.forecast is not None
              and one.happened is not None]  # fmt: skip
    total = sum(count for count, _ in filled)
    return sum(count * distance for count, distance in filled) / total if total else None
