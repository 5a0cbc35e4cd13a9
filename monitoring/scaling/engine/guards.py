"""What holds a change back: cooldown, pause, turning too often, policies that don't help, connections, lost metrics.

Contract   Each guard takes the current count and the wished one and answers what may become of it. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from monitoring.scaling.types import Direction, Fallback, Pause

HOUR_S: Final = 3600.0
#: Turns of direction within an hour; the next one inwards waits, one outwards doesn't.
TURNS_MAX: Final = 3
#: Changes outwards in a row that a policy may ask for without its metric falling by ``HELPED``.
UNHELPFUL_MAX: Final = 2
HELPED: Final = 0.05
#: How long an unhelpful policy isn't asked.
DOUBT_S: Final = 1800.0


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was made: ``count`` is signed. ``effect`` is how the metric of the policy that asked moved, as a
    share of what it was; None when it isn't known."""

    at: float
    count: int
    policy: str = ""
    effect: float | None = None


def direction(current: int, wished: int) -> Direction:
    if wished == current:
        return Direction.STAY
    return Direction.OUT if wished > current else Direction.IN


def paused(current: int, wished: int, pause: Pause) -> int:
    held = {Pause.ALL: (Direction.OUT, Direction.IN), Pause.IN: (Direction.IN,), Pause.OUT: (Direction.OUT,)}
    return current if direction(current, wished) in held.get(pause, ()) else wished


def cooled(current: int, wished: int, *, changes: Sequence[Change], cooldown_s: float, now: float) -> int:
    """Nothing inwards until ``cooldown_s`` after the last change, nothing outwards until that after the last one
    inwards; one change outwards may follow another, or a rush would wait."""
    since = now - cooldown_s
    wanted = direction(current, wished)
    if wanted is Direction.IN and any(change.at > since for change in changes):
        return current
    if wanted is Direction.OUT and any(change.at > since and change.count < 0 for change in changes):
        return current
    return wished


def turns(changes: Sequence[Change], *, now: float) -> int:
    """How often the direction changed within the hour."""
    since = now - HOUR_S
    return sum(one.at > since and (one.count > 0) != (before.count > 0) for before, one in pairwise(changes))


def unflapping(current: int, wished: int, *, changes: Sequence[Change], turns_max: int, now: float) -> int:
    """Too many turns within an hour: stay at the greater count until they are past."""
    is_next_turn = bool(changes) and changes[-1].count > 0
    is_in = wished < current
    return current if is_in and is_next_turn and turns(changes, now=now) >= turns_max else wished


def is_unhelpful(policy: str, changes: Sequence[Change], *, now: float) -> bool:
    """Whether the last changes that this policy asked for left its metric where it was."""
    asked = [one for one in changes if one.policy == policy and one.count > 0 and one.effect is not None]
    last = asked[-UNHELPFUL_MAX:]
    if len(last) < UNHELPFUL_MAX or last[-1].at <= now - DOUBT_S:
        return False
    return all(one.effect is not None and one.effect > -HELPED for one in last)


def connection_cap(*, connections_max: int, reserved: int, others: int, per_instance: int) -> int:
    """The most instances whose connections fit into the database, beside what ``others`` hold."""
    return max((connections_max - reserved - others) // max(per_instance, 1), 1)


def fallback_count(current: int, *, kind: Fallback, count: int) -> int:
    """What counts when every metric has been missing for too long."""
    if kind is Fallback.HIGHER:
        return max(current, count)
    if kind is Fallback.LOWER:
        return min(current, count)
    return count if kind is Fallback.STATIC else current
