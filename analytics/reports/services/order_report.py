"""Ask for a report, to be made in the background.

Contract   The report and its job are written together. The same ``key`` of an owner, and the same turn of a definition,
           are the same report, whoever asks first.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from analytics.reports.engine.definitions import digest_of, document_of
from analytics.reports.engine.periods import span_of
from analytics.reports.errors import ReportKeyReused
from analytics.reports.models import Report
from analytics.reports.services._checks import check_definition
from analytics.reports.types import Definition
from common import clock
from common.flags.declared import EXPORTS_OPEN
from common.flags.reading import is_on
from common.jobs.enqueue import enqueue
from common.jobs.errors import JobsPaused

KIND: Final = "report"


def order_report(
    *,
    owner_id: int,
    definition: Definition,
    definition_id: int | None = None,
    key: str = "",
    scheduled_for: datetime | None = None,
) -> Report:
    """The new report, or the one that was asked for before.

    Raises: ReportInvalid, ReportNotAllowed, ReportKeyReused, JobTooMany, JobsPaused
    Publishes: JobQueued
    """
    if not is_on(EXPORTS_OPEN):
        raise JobsPaused("Exports are paused at the moment. Try again later.", extra={"retry_after": 600})
    now = clock.now()
    today = (scheduled_for or now).date()
    check_definition(definition, owner_id=owner_id, today=today)
    span = span_of(definition, today=today)
    report = Report(
        owner_id=owner_id,
        definition_id=definition_id,
        title=definition.title.strip(),
        document=document_of(definition),
        first_on=span.first_on,
        last_on=span.last_on,
        digest=digest_of(definition, span),
        scheduled_for=scheduled_for,
        key=key,
        created_at=now,
    )
    with transaction.atomic():
        return _kept(report)


def _kept(report: Report) -> Report:
    Report.objects.bulk_create([report], ignore_conflicts=True) if _is_repeatable(report) else report.save()
    kept = _first(report) if _is_repeatable(report) else report
    if report.key and kept.document != report.document:
        raise ReportKeyReused("Send a new Idempotency-Key with each new report.", field="/Idempotency-Key")
    if kept.job_id is None:
        job = enqueue(kind=KIND, owner_id=kept.owner_id, arguments={"report_id": kept.pk}, key=f"report-{kept.pk}")
        kept.job_id = job.pk
        kept.save(update_fields=["job_id"])
    return kept


def _is_repeatable(report: Report) -> bool:
    return bool(report.key) or report.scheduled_for is not None


def _first(report: Report) -> Report:
    """The row that holds this key or turn; locked, so that one of two who ask makes the job."""
    held = Report.objects.select_for_update()
    if report.scheduled_for is not None:
        return held.get(definition_id=report.definition_id, scheduled_for=report.scheduled_for)
    return held.get(owner_id=report.owner_id, key=report.key)
