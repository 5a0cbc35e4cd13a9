"""Whether what a model is asked about still looks like what it learned from.

Contract   The population stability index over the ten tenths of training: ``sum((now - then) ln(now / then))``.
           By custom below 0.1 nothing happened, above 0.25 the model is asked about something else. Equal values that
           straddle a cut count as one tenth, so a feature that was constant has one bin.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any, Final

WATCH: Final = 0.1
ALARM: Final = 0.25
VALUES_MIN: Final = 30
_TENTHS: Final = 10
_FLOOR: Final = 0.001


def cuts_of(values: Sequence[float]) -> dict[str, list[float]]:
    """Where the tenths of ``values`` end, and the share of values in each bin between the cuts."""
    ordered = sorted(values)
    last = len(ordered) - 1
    cuts = sorted({ordered[place * last // _TENTHS] for place in range(1, _TENTHS)}) if ordered else []
    return {"cuts": cuts, "shares": shares_of(values, cuts)}


def shares_of(values: Sequence[float], cuts: Sequence[float]) -> list[float]:
    """The share of ``values`` in each of the ``len(cuts) + 1`` bins."""
    counts = [0] * (len(cuts) + 1)
    for value in values:
        counts[bisect_right(cuts, value)] += 1
    return [round(count / len(values), 6) for count in counts] if values else [0.0] * len(counts)


def stability_index(then: Mapping[str, Any], values: Sequence[float]) -> float | None:
    """How far ``values`` are from what ``cuts_of`` told of training; None with fewer than VALUES_MIN."""
    if len(values) < VALUES_MIN:
        return None
    now = shares_of(values, then["cuts"])
    pairs = ((max(one, _FLOOR), max(other, _FLOOR)) for one, other in zip(now, then["shares"], strict=True))
    found: float = sum((one - other) * math.log(one / other) for one, other in pairs)
    return found
