"""Carry out the steps that are due, and find those that were lost.

Contract   In a transaction that holds the rows: a step, its messages in the outbox and the next moment are one. A few
           escalations share a commit, so that many at once are still in time. Rows that somebody else holds are left
           to them.
Publishes  EscalationRaised
"""

from typing import Final

from django.db import transaction

from alerting.engine.audit import GRACE_S
from alerting.engine.escalation import Escalation, LogLine, advance, due_at
from alerting.events import EscalationRaised
from alerting.models import EscalationRun
from alerting.services._calls import carry_out
from alerting.services._runs import state_of, store, write_lines
from common import clock
from common.bus import publish_on_commit

#: Escalations that share a commit, and how often that is repeated before others have their turn.
TOGETHER: Final = 25
ROUNDS_MAX: Final = 40


def advance_escalations() -> int:
    """How many had something to do."""
    done = 0
    for _ in range(ROUNDS_MAX):
        found = _advance_some()
        done += found
        if found < TOGETHER:
            break
    return done


def audit_escalations() -> int:
    """Heal every escalation that is late by more than the grace, or has lost its moment; how many there were.

    Looks at what is stored of the escalations themselves, not at when the row says that it is due.
    """
    now, healed = clock.now().timestamp(), 0
    for run in EscalationRun.objects.filter(ended_at=None).iterator(chunk_size=200):
        at = due_at(state_of(run))
        has_lost = at is not None and (run.due_at is None or abs(run.due_at.timestamp() - at) > 1)
        if at is not None and (has_lost or now - at > GRACE_S):
            healed += _heal(run.pk)
    return healed


@transaction.atomic
def _advance_some() -> int:
    now = clock.now()
    rows = EscalationRun.objects.select_for_update(skip_locked=True, no_key=True)
    found = list(rows.filter(ended_at=None, due_at__lte=now).order_by("due_at")[:TOGETHER])
    for run in found:
        _step(run, state_of(run), now.timestamp())
    return len(found)


@transaction.atomic
def _heal(pk: int) -> bool:
    rows = EscalationRun.objects.select_for_update(skip_locked=True, no_key=True)
    run = rows.filter(pk=pk, ended_at=None).first()
    now = clock.now().timestamp()
    if run is None:
        return False
    before = state_of(run)
    at = due_at(before)
    if at is None:
        return False
    _note_healing(run, now, at)
    _step(run, before, now)
    return True


def _step(run: EscalationRun, before: Escalation, now: float) -> None:
    after, call = advance(before, now)
    if after.is_raised and not before.is_raised:
        publish_on_commit(EscalationRaised(run.key, int(after.severity)))
    if call is not None:
        run.calls += 1
        run.late_ms_max = max(run.late_ms_max, int((call.at - call.due_at) * 1_000))
        carry_out(run, call)
    store(run, before, after)


def _note_healing(run: EscalationRun, now: float, at: float) -> None:
    run.healed += 1
    late_s = max(now - at, 0.0)
    write_lines(run, (LogLine(now, f"A step was found {late_s:.0f} s late and made up for."),))
