"""The only writer of running escalations.

Contract   Under the lock of the row. What the pure core decided, the messages of a step, the lines of the timeline and
           when there is something to do next are stored together or not at all.
"""

from datetime import UTC, datetime

from alerting.engine.escalation import Escalation, LogLine, Status, due_at
from alerting.engine.escalation_documents import escalation_document, escalation_of
from alerting.models import EntryKind, EscalationRun, TimelineEntry


def state_of(run: EscalationRun) -> Escalation:
    return escalation_of(run.state)


def open_run(key: str) -> EscalationRun | None:
    """Locked until the transaction ends."""
    return EscalationRun.objects.select_for_update(no_key=True).filter(key=key, ended_at=None).first()


def store(run: EscalationRun, before: Escalation | None, after: Escalation) -> None:
    at = due_at(after)
    run.state, run.status, run.severity = escalation_document(after), after.status.value, int(after.severity)
    run.due_at = None if at is None else moment(at)
    if after.status is Status.RESOLVED:
        run.ended_at = moment(after.log[-1].at)
    run.save()
    write_lines(run, after.log[len(before.log) if before else 0 :])


def write_lines(run: EscalationRun, lines: tuple[LogLine, ...]) -> None:
    if run.incident_id is not None:
        entries = [
            TimelineEntry(at=moment(line.at), kind=EntryKind.ESCALATION, text=line.text, incident_id=run.incident_id)
            for line in lines
        ]
        TimelineEntry.objects.bulk_create(entries)


def moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
