"""Whether what had 70 % happens in 70 of 100 cases: the curve, and how far it is off.

Contract   Pure. Probabilities and outcomes in 1/1,000,000. Bins are tenths; an empty bin has no mean.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

BINS: Final = 10
_WHOLE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Bin:
    low: float
    high: float
    count: int
    forecast: float | None
    happened: float | None


def reliability(pairs: Iterable[tuple[int, int]]) -> list[Bin]:
    """Bins of (probability, outcome)."""
    found: list[list[tuple[int, int]]] = [[] for _ in range(BINS)]
    for probability, outcome in pairs:
        found[min(BINS - 1, probability * BINS // _WHOLE)].append((probability, outcome))
    return [_bin(place, members) for place, members in enumerate(found)]


def _bin(place: int, members: list[tuple[int, int]]) -> Bin:
    count = len(members)
    if not count:
        return Bin(place / BINS, (place + 1) / BINS, 0, None, None)
    forecast = sum(probability for probability, _ in members) / count / _WHOLE
    happened = sum(outcome for _, outcome in members) / count / _WHOLE
    return Bin(place / BINS, (place + 1) / BINS, count, forecast, happened)


def calibration_error(bins: Iterable[Bin]) -> float | None:
    """Mean distance between forecast and outcome, each bin weighed by its count."""
    filled = [(one.count, abs(one.forecast - one.happened)) for one in bins if one.forecast is not None
              and one.happened is not None]  # fmt: skip
    total = sum(count for count, _ in filled)
    return sum(count * distance for count, distance in filled) / total if total else None
