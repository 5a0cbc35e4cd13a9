"""Silences: alerts that match aren't told between two moments.

Contract   A silence is never deleted, it expires. What has begun keeps its start, what has ended its end. Of two
           versions the one that was written last counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from alerting.engine.matchers import Matchers, holds, matches
from alerting.errors import RoutingInvalid
from alerting.types import LabelSet


class Phase(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Silence:
    id: str
    matchers: Matchers
    starts_at: float
    ends_at: float
    updated_at: float
    author: str = ""
    comment: str = ""

    def phase(self, now: float) -> Phase:
        if now < self.starts_at:
            return Phase.PENDING
        return Phase.ACTIVE if now < self.ends_at else Phase.EXPIRED


def new_silence(silence: Silence, now: float) -> Silence:
    """The silence, checked; a start in the past is now.

    Raises: RoutingInvalid
    """
    if not silence.matchers or all(holds(one, "") for one in silence.matchers):
        raise RoutingInvalid("A silence names at least one label with a value that isn't empty.", field="matchers")
    if silence.ends_at <= max(silence.starts_at, now):
        raise RoutingInvalid("A silence ends after it starts, and in the future.", field="ends_at")
    return replace(silence, starts_at=max(silence.starts_at, now), updated_at=now)


def expired(silence: Silence, now: float) -> Silence:
    """Ended now; one that hasn't begun ends where it would begin.

    Raises: RoutingInvalid when it has ended already
    """
    phase = silence.phase(now)
    if phase is Phase.EXPIRED:
        raise RoutingInvalid("The silence has ended already.", field="ends_at")
    return replace(silence, starts_at=min(silence.starts_at, now), ends_at=now, updated_at=now)


def newest(one: Silence, other: Silence) -> Silence:
    """Which of two versions of a silence counts."""
    return other if other.updated_at >= one.updated_at else one


def silenced_by(silences: Iterable[Silence], labels: LabelSet, now: float) -> tuple[str, ...]:
    """The ids of the silences that hold for an alert."""
    return tuple(one.id for one in silences if one.phase(now) is Phase.ACTIVE and matches(one.matchers, labels))
