"""Who is on call: rotations over each other, and overrides over all.

Contract   Turns are whole calendar days in the zone of the rotation and change at its hand-over, also when the clocks
           change. A later rotation covers the earlier ones within its hours; an override covers all, the later one
           first. Times before a rotation starts have nobody.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from alerting.engine.hours import is_within_any
from alerting.errors import EscalationInvalid
from alerting.types import Hours


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns of ``turn_days``; ``starts_at`` begins the first and is the hour of hand-over."""

    people: tuple[str, ...]
    starts_at: float
    zone: tzinfo
    turn_days: int = 7
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """One person instead of whoever it would be; the end is excluded."""

    person: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Schedule:
    name: str
    rotations: tuple[Rotation, ...]
    overrides: tuple[Override, ...] = ()


def check_schedule(schedule: Schedule) -> None:
    """Raises: EscalationInvalid"""
    for rotation in schedule.rotations:
        if not rotation.people:
            raise EscalationInvalid("A rotation has at least one person.", field="people")
        if rotation.turn_days < 1:
            raise EscalationInvalid("A turn lasts one day or more.", field="turn_days")
    for override in schedule.overrides:
        if override.end <= override.start:
            raise EscalationInvalid("An override ends after it starts.", field="overrides")


def on_call(schedule: Schedule, at: float) -> str | None:
    """The person, or None when nobody is."""
    for override in reversed(schedule.overrides):
        if override.start <= at < override.end:
            return override.person
    for rotation in reversed(schedule.rotations):
        if at >= rotation.starts_at and (not rotation.hours or is_within_any(rotation.hours, at)):
            return rotation.people[turn_of(rotation, at) % len(rotation.people)]
    return None


def turn_of(rotation: Rotation, at: float) -> int:
    """How many turns have gone before; 0 during the first."""
    first = datetime.fromtimestamp(rotation.starts_at, rotation.zone).replace(tzinfo=None)
    local = datetime.fromtimestamp(at, rotation.zone).replace(tzinfo=None)
    hand_over = timedelta(hours=first.hour, minutes=first.minute, seconds=first.second)
    return ((local - hand_over).date() - (first - hand_over).date()).days // rotation.turn_days
