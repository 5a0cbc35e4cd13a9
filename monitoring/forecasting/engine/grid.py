"""Makes a series that models can read of what was measured: gaps filled, incidents masked, counters as rates.

Contract   Pure. None is a value that is missing.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

#: A gap longer than this share of the series cuts off what was before it.
_GAP_MAX: Final = 0.25


def rates(values: Iterable[float | None]) -> list[float | None]:
    """The growth of a counter from step to step; after a reset it counts from zero."""
    found: list[float | None] = []
    before: float | None = None
    for value in values:
        if value is None or before is None:
            found.append(None)
        else:
            found.append(value - before if value >= before else value)
        before = value if value is not None else before
    return found


def masked(values: Sequence[float | None], incidents: Iterable[int]) -> list[float | None]:
    """Without the values at these places."""
    hidden = set(incidents)
    return [None if place in hidden else value for place, value in enumerate(values)]


def recent(values: Sequence[float | None]) -> list[float | None]:
    """From the first known value behind the last long gap, up to the last known value."""
    known = [place for place, value in enumerate(values) if value is not None and math.isfinite(value)]
    if not known:
        return []
    longest = max(12, int(_GAP_MAX * len(values)))
    start = known[0]
    for earlier, later in pairwise(known):
        start = later if later - earlier > longest else start
    return [value if value is not None and math.isfinite(value) else None for value in values[start : known[-1] + 1]]


def filled(values: Sequence[float | None]) -> list[float]:
    """Gaps bridged by the last known value; nothing of the future is used. The first value has to be known."""
    found: list[float] = []
    for value in values:
        found.append(found[-1] if value is None else value)
    return found
