"""Make the reports whose turn has come.

Contract   A schedule is locked while its turn is taken, and locked ones are skipped; the report, its job and the next
           turn are one transaction. Two that look at once, or one that dies in between, therefore make each turn's
           report once. Turns missed while nobody looked are not made up for, but for the newest.
Bound      ``_BATCH`` schedules a call.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from analytics.reports.engine.definitions import definition_from
from analytics.reports.engine.turns import latest_turn, turn_after
from analytics.reports.errors import ReportInvalid, ReportNotAllowed
from analytics.reports.models import ReportSchedule
from analytics.reports.services._timing import timing_of
from analytics.reports.services.order_report import order_report
from common import clock
from common.jobs.errors import JobsPaused, JobTooMany

_BATCH: Final = 100


def start_due_reports() -> int:
    """How many turns were taken.

    Publishes: JobQueued
    """
    now = clock.now()
    due = ReportSchedule.objects.filter(is_on=True, next_at__lte=now).order_by("next_at", "pk")
    return sum(_take_turn(pk, now) for pk in list(due.values_list("pk", flat=True)[:_BATCH]))


def _take_turn(schedule_id: int, now: datetime) -> bool:
    due = ReportSchedule.objects.filter(pk=schedule_id, is_on=True, next_at__lte=now)
    with transaction.atomic():
        held = due.select_for_update(skip_locked=True, of=("self",)).select_related("definition").first()
        if held is None:
            return False
        timing = timing_of(held)
        try:
            with transaction.atomic():
                _order(held, latest_turn(timing, now))
        except (ReportInvalid, ReportNotAllowed) as refusal:
            held.is_on, held.stopped = False, refusal.detail[:200]
        except (JobTooMany, JobsPaused):
            # It stays due: a later look finds room.
            return False
        held.next_at = turn_after(timing, now)
        held.save(update_fields=["next_at", "is_on", "stopped"])
    return True


def _order(schedule: ReportSchedule, turn: datetime) -> None:
    definition = schedule.definition
    order_report(
        owner_id=definition.owner_id,
        definition=definition_from(definition.document),
        definition_id=definition.pk,
        scheduled_for=turn,
    )
