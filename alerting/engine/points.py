"""Values of series over time, as rules read them.

Contract   Times rise; a gap is None. What is asked at a moment never depends on a later point, so a history can be
           judged moment by moment as if it were now.
Bound      A lookup is logarithmic in the points; a window costs as many points as it has.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from monitoring.types import SeriesKey

Values = list[float]


class Points(NamedTuple):
    times: Sequence[float]
    values: Sequence[float | None]


NONE: Final = Points((), ())


class History:
    """The series by name and dimension."""

    __slots__ = ("_dimensions", "_series")

    def __init__(self, series: Mapping[SeriesKey, Points]) -> None:
        self._series: Final[dict[str, dict[str, Points]]] = {}
        self._dimensions: Final[dict[tuple[str, str], list[str]]] = {}
        for (name, dimension), points in series.items():
            self._series.setdefault(name, {})[dimension] = points
            self._dimensions.setdefault((name, dimension.partition(":")[0]), []).append(dimension)

    def points(self, name: str, dimension: str) -> Points:
        """Those of the dimension, or of the whole site where the dimension doesn't tell this series."""
        known = self._series.get(name)
        if known is None:
            return NONE
        found = known.get(dimension)
        return known.get("", NONE) if found is None else found

    def named(self, name: str) -> Mapping[str, Points]:
        """The points of a series by dimension."""
        return self._series.get(name, {})

    def dimensions(self, names: Sequence[str], by: str) -> Sequence[str]:
        """In the order of the series; the whole site alone when ``by`` is empty."""
        if not by:
            return ("",)
        found = [self._dimensions.get((name, by), []) for name in names]
        return found[0] if len(found) == 1 else list(dict.fromkeys(one for several in found for one in several))


def last(points: Points, now: float, fresh_s: float) -> float | None:
    """The newest value that is at most ``fresh_s`` old."""
    times, values = points
    at = bisect_right(times, now) - 1
    while at >= 0 and times[at] >= now - fresh_s:
        value = values[at]
        if value is not None:
            return value
        at -= 1
    return None


def age_s(points: Points, now: float) -> float | None:
    """How old the newest value is; None when there never was one."""
    times, values = points
    for at in range(bisect_right(times, now) - 1, -1, -1):
        if values[at] is not None:
            return now - times[at]
    return None


def window(points: Points, start: float, end: float) -> tuple[Values, Values]:
    """Times and values that exist in ``start`` (excluded) to ``end`` (included)."""
    times, values = points
    low, high = bisect_right(times, start), bisect_right(times, end)
    part, found = values[low:high], [value for value in values[low:high] if value is not None]
    if len(found) == len(part):
        return list(times[low:high]), found
    return [time for time, value in zip(times[low:high], part, strict=True) if value is not None], found


def values_within(points: Points, start: float, end: float) -> Values:
    """The values of a window alone."""
    times, values = points
    part = values[bisect_right(times, start) : bisect_right(times, end)]
    return [value for value in part if value is not None] if None in part else list(part)  # type: ignore[arg-type]


def near(points: Points, at: float, span_s: float) -> float | None:
    """The mean of the values within ``span_s`` around a moment."""
    times, values = points
    low, high = bisect_left(times, at - span_s / 2), bisect_right(times, at + span_s / 2)
    found = [value for value in values[low:high] if value is not None]
    return sum(found) / len(found) if found else None
