"""Looks after escalations: what should have happened and has not.

Contract   Finds every escalation with something due for longer than ``GRACE_S``, the latest first. The answer depends
           on the escalations alone, not on timers or queues, so it finds what those have lost; ``advance`` heals it.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from alerting.engine.escalation import Escalation, due_at

GRACE_S: Final = 300.0


class Overdue(NamedTuple):
    escalation: Escalation
    due_at: float
    late_s: float


def overdue(escalations: Iterable[Escalation], now: float, grace_s: float = GRACE_S) -> list[Overdue]:
    found = [
        Overdue(escalation, at, now - at)
        for escalation in escalations
        if (at := due_at(escalation)) is not None and now - at > grace_s
    ]
    return sorted(found, key=lambda one: -one.late_s)
