"""Keep a report definition, new or changed, with whom it is shared and when it is made.

Contract   All of it or nothing. A schedule that is saved again has its next turn after now, whatever it was before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction

from accounts.selectors.handles import user_ids
from accounts.selectors.people import contacts
from accounts.types import Role
from analytics.reports.engine.definitions import document_of
from analytics.reports.engine.turns import turn_after
from analytics.reports.errors import DefinitionNameTaken, DefinitionNotFound, ReportInvalid, TooManyDefinitions
from analytics.reports.models import ReportDefinition, ReportSchedule
from analytics.reports.selectors.access import reader
from analytics.reports.services._checks import check_definition
from analytics.reports.services._timing import timing_of
from analytics.reports.types import Cadence, Definition, Delivery
from common import clock
from common.audit import record_audit
from common.errors import FieldError

DEFINITIONS_MAX: Final = 100
RECIPIENTS_MAX: Final = 20
#: Roles that may read reports at all (accounts.engine.roles gives them reports.view_report).
SHARED_ROLES: Final = (Role.ANALYST, Role.OPERATOR, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """``recipients`` are handles; the owner is always among the readers."""

    cadence: Cadence
    at: time
    time_zone: str
    weekday: int = 0
    day: int = 1
    delivery: Delivery = Delivery.IN_APP
    recipients: tuple[str, ...] = ()
    is_on: bool = True


def save_definition(
    *,
    actor_id: int,
    definition: Definition,
    shared_with: Sequence[str] = (),
    schedule: ScheduleSpec | None = None,
    definition_id: int | None = None,
    ip: str = "",
) -> ReportDefinition:
    """Store a new definition, or replace the one of the actor's with ``definition_id``.

    Raises: ReportInvalid, ReportNotAllowed, DefinitionNotFound, DefinitionNameTaken, TooManyDefinitions
    """
    now = clock.now()
    check_definition(definition, owner_id=actor_id, today=now.date())
    _check_roles(shared_with)
    with transaction.atomic():
        kept = _own(actor_id, definition_id)
        before = {"document": kept.document, "shared_with": kept.shared_with} if kept.pk else {}
        kept.name, kept.document = definition.title.strip(), document_of(definition)
        kept.shared_with, kept.updated_at = sorted(set(shared_with)), now
        _save(kept)
        after = {"document": kept.document, "shared_with": kept.shared_with}
        _keep_schedule(kept, schedule)
        record_audit(
            actor_id=actor_id, action="reports.definition_saved", target=kept, before=before, after=after, ip=ip
        )
    return ReportDefinition.objects.select_related("owner", "schedule").get(pk=kept.pk)


def _own(owner_id: int, definition_id: int | None) -> ReportDefinition:
    own = ReportDefinition.objects.filter(owner_id=owner_id)
    if definition_id is None:
        if own.count() >= DEFINITIONS_MAX:
            raise TooManyDefinitions(f"You have {DEFINITIONS_MAX} definitions. Delete one that you don't use.")
        return ReportDefinition(owner_id=owner_id, created_at=clock.now())
    found = own.select_for_update().filter(pk=definition_id).first()
    if found is None:
        raise DefinitionNotFound(f"There is no report definition {definition_id} of yours.")
    return found


def _save(definition: ReportDefinition) -> None:
    try:
        with transaction.atomic():
            definition.save()
    except IntegrityError as problem:
        detail = f"You have a report called {definition.name!r}. Choose another title."
        raise DefinitionNameTaken(detail, field="/title") from problem


def _keep_schedule(definition: ReportDefinition, spec: ScheduleSpec | None) -> None:
    held = ReportSchedule.objects.select_for_update().filter(definition=definition).first()
    if spec is None:
        if held is not None:
            held.delete()
        return
    _check_timing(spec)
    row = held or ReportSchedule(definition=definition)
    row.cadence, row.at, row.time_zone = spec.cadence, spec.at, spec.time_zone
    row.weekday, row.day, row.delivery, row.is_on = spec.weekday, spec.day, spec.delivery, spec.is_on
    row.recipients, row.stopped = _recipients(definition, spec.recipients), ""
    _check_reachable([definition.owner_id, *row.recipients], spec.delivery)
    row.next_at = turn_after(timing_of(row), clock.now())
    row.save()


def _check_roles(roles: Sequence[str]) -> None:
    for index, role in enumerate(roles):
        if role not in SHARED_ROLES:
            allowed = ", ".join(SHARED_ROLES)
            raise ReportInvalid(f"Share it with one of: {allowed}.", field=f"/shared_with/{index}")


def _check_timing(spec: ScheduleSpec) -> None:
    faults: list[tuple[str, str]] = []
    if not _is_zone(spec.time_zone):
        faults.append(("time_zone", "Send a zone's name such as Europe/Lisbon or UTC."))
    if not 0 <= spec.weekday <= 6:
        faults.append(("weekday", "Send 0 for Monday to 6 for Sunday."))
    if not 1 <= spec.day <= 31:
        faults.append(("day", "Send a day of the month, 1 to 31."))
    if len(spec.recipients) > RECIPIENTS_MAX:
        faults.append(("recipients", f"Name at most {RECIPIENTS_MAX} readers."))
    if faults:
        errors = tuple(FieldError(f"/schedule/{name}", "report.schedule", words) for name, words in faults)
        raise ReportInvalid(f"{errors[0].pointer}: {errors[0].detail}", errors=errors)


def _recipients(definition: ReportDefinition, handles: Sequence[str]) -> list[int]:
    ids = user_ids(handles)
    errors = [
        FieldError(f"/schedule/recipients/{index}", "report.recipient", words)
        for index, handle in enumerate(handles)
        if (words := _cannot_read(handle, ids.get(handle), definition))
    ]
    if errors:
        raise ReportInvalid(f"{errors[0].pointer}: {errors[0].detail}", errors=tuple(errors))
    return sorted(set(ids.values()))


def _check_reachable(readers: Sequence[int], delivery: Delivery) -> None:
    if delivery is not Delivery.IN_APP and not any(one.email for one in contacts(readers).values()):
        words = "None of the readers has an e-mail address. Add yours in the settings, or keep it here."
        raise ReportInvalid(words, field="/schedule/delivery")


def _cannot_read(handle: str, user_id: int | None, definition: ReportDefinition) -> str:
    if user_id is None:
        return f"There is nobody called {handle!r}."
    who = reader(user_id)
    if not (who.is_among(definition.owner_id, definition.shared_with) and who.may_see(definition.document)):
        return f"{handle} may not read it. Share it with a role of theirs first."
    return ""


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
