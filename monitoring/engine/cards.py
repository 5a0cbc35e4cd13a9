"""Where a series stands, and against an hour ago.

Contract   Pure. A mean over what is known; nothing known makes an unknown, never a zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from monitoring.types import SeriesSpec

#: A change below this share of what was is none.
FLAT_SHARE: Final = 0.03
#: How many values at each end of the hour are compared.
ENDS: Final = 5

Value = float | None


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    FLAT = "flat"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trend:
    """``before`` and ``now`` are means; ``percent`` is None when ``before`` is 0."""

    before: Value
    now: Value
    change: Value
    percent: Value
    direction: Direction
    verdict: Verdict


def trend_of(spec: SeriesSpec, values: Sequence[Value]) -> Trend:
    """The last ``ENDS`` values against the first; ``values`` cover an hour and a bit, in order."""
    before, now = mean(values[:ENDS]), mean(values[-ENDS:])
    if before is None or now is None:
        return Trend(before, now, None, None, Direction.UNKNOWN, Verdict.UNKNOWN)
    change = now - before
    direction = _direction(before, change, spec.decimals)
    percent = change / abs(before) * 100 if before else None
    return Trend(before, now, change, percent, direction, _verdict(spec, direction))


def mean(values: Sequence[Value]) -> Value:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _direction(before: float, change: float, decimals: int) -> Direction:
    # Half of the last decimal shown can't be seen.
    if abs(change) <= max(abs(before) * FLAT_SHARE, 0.5 * 10**-decimals):
        return Direction.FLAT
    return Direction.UP if change > 0 else Direction.DOWN


def _verdict(spec: SeriesSpec, direction: Direction) -> Verdict:
    if direction is Direction.FLAT or spec.better is None:
        return Verdict.SAME
    is_better = (direction is Direction.UP) == (spec.better == "high")
    return Verdict.BETTER if is_better else Verdict.WORSE
