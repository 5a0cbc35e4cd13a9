"""Schedules and policies, as they are stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from alerting.engine.escalation_documents import schedule_of
from alerting.engine.schedules import Override, Schedule, on_call
from alerting.models import EscalationPlan, EscalationRun, OnCallSchedule
from common import clock


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is on call from a moment to another; nobody when ``person`` is empty."""

    person: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    id: int
    name: str
    document: Mapping[str, Any]
    on_call: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    id: int
    name: str
    document: Mapping[str, Any]
    is_default: bool


@dataclass(frozen=True, slots=True)
class RunRow:
    """One escalation, as far as it has come."""

    id: int
    key: str
    policy: str
    status: str
    severity: int
    began_at: datetime
    due_at: datetime | None
    calls: int
    healed: int
    log: tuple[tuple[float, str], ...]


def schedule_named(name: str) -> Schedule | None:
    row = OnCallSchedule.objects.prefetch_related("overrides__person").filter(name__iexact=name).first()
    return _schedule(row) if row is not None else None


def all_schedules() -> list[ScheduleRow]:
    now = clock.now().timestamp()
    rows = OnCallSchedule.objects.prefetch_related("overrides__person").order_by("name")
    return [ScheduleRow(row.pk, row.name, row.document, on_call(_schedule(row), now) or "") for row in rows]


def turns(name: str, *, start: datetime, days: int) -> list[Turn]:
    """The calendar of a schedule, to the half hour."""
    schedule = schedule_named(name)
    found: list[Turn] = []
    step = timedelta(minutes=30)
    for number in range(days * 48 if schedule is not None else 0):
        at = start + number * step
        person = (on_call(schedule, at.timestamp()) if schedule is not None else None) or ""
        if found and found[-1].person == person:
            found[-1] = Turn(person, found[-1].starts_at, at + step)
        else:
            found.append(Turn(person, at, at + step))
    return found


def all_plans() -> list[PlanRow]:
    rows = EscalationPlan.objects.order_by("name")
    return [PlanRow(row.pk, row.name, row.document, row.is_default) for row in rows]


def runs_of_incident(incident_id: int) -> list[RunRow]:
    return [_run(row) for row in EscalationRun.objects.filter(incident=incident_id).order_by("-began_at")]


def _run(row: EscalationRun) -> RunRow:
    log = tuple((float(at), str(text)) for at, text in row.state["log"])
    return RunRow(
        row.pk, row.key, row.policy, row.status, row.severity, row.began_at, row.due_at, row.calls, row.healed, log
    )


def _schedule(row: OnCallSchedule) -> Schedule:
    overrides = [
        Override(one.person.get_username(), one.starts_at.timestamp(), one.ends_at.timestamp())
        for one in sorted(row.overrides.all(), key=lambda one: one.pk)
    ]
    return schedule_of(row.name, row.document, overrides)
