"""Whether a group has something to tell, and why.

Contract   Compares the group as it is with what was last told of it to one channel. Label sets only: a changed
           annotation is no news. That all is resolved is noted even where nobody is told of it, so that the same alert
           firing again is news.
"""

from dataclasses import dataclass
from enum import StrEnum

from alerting.types import LabelSet


class Reason(StrEnum):
    """Why something is sent."""

    FIRST = "first notification"
    NEW_ALERTS = "new alerts added"
    SOME_RESOLVED = "some alerts resolved"
    ALL_RESOLVED = "all alerts resolved"
    REPEAT = "repeat interval elapsed"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was last told of a group to a channel, and when."""

    at: float
    firing: frozenset[LabelSet]
    resolved: frozenset[LabelSet]


def send_reason(
    entry: Entry | None,
    firing: frozenset[LabelSet],
    resolved: frozenset[LabelSet],
    *,
    repeat_interval_s: float,
    sends_resolved: bool,
    now: float,
) -> Reason | None:
    """None when there is nothing to tell. The repeat interval must be over, not just reached."""
    if entry is None:
        return Reason.FIRST if firing else None
    if not firing <= entry.firing:
        return Reason.NEW_ALERTS if entry.firing else Reason.FIRST
    if not firing:
        return Reason.ALL_RESOLVED if entry.firing else None
    if sends_resolved and not resolved <= entry.resolved:
        return Reason.SOME_RESOLVED
    return Reason.REPEAT if entry.at < now - repeat_interval_s else None
