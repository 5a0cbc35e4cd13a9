"""Reports that were made or are being made, as their readers may see them.

Contract   How far a report is, is what its job says; a report without one is old and never ended.
Bound      Lists are pages; the bytes of results are read for a download only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from analytics.reports.errors import ReportNotFound, ReportNotReady
from analytics.reports.models import Report, ReportResult
from analytics.reports.selectors.access import Reader
from common.models import Job, JobStatus
from common.paging import LIMIT_DEFAULT, Page, cut, decode_cursor

_LIST: Final = "reports"


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report beside its job."""

    report: Report
    job: Job | None

    @property
    def status(self) -> JobStatus:
        return JobStatus(self.job.status) if self.job is not None else JobStatus.FAILED

    @property
    def is_ready(self) -> bool:
        return self.report.result_id is not None

    @property
    def is_open(self) -> bool:
        return self.job is not None and self.job.ended_at is None

    @property
    def percent(self) -> int:
        if self.is_ready:
            return 100
        total = self.job.total if self.job is not None else None
        return min(99, self.job.done * 100 // total) if self.job is not None and total else 0

    @property
    def error(self) -> str:
        return self.job.error if self.job is not None else ""


def visible_reports(
    reader: Reader, *, definition_id: int | None = None, limit: int = LIMIT_DEFAULT, cursor: str | None = None
) -> Page[ReportView]:
    """A page, newest first; one that shows what their role doesn't allow is left out. Raises: CursorInvalid"""
    found = _among(reader).order_by("-pk")
    if definition_id is not None:
        found = found.filter(definition_id=definition_id)
    if cursor is not None:
        found = found.filter(pk__lt=decode_cursor(_LIST, cursor, (int,))[0])
    page = cut(list(found[: limit + 1]), limit=limit, kind=_LIST, keys=lambda report: (report.pk,))
    shown = [report for report in page.items if reader.may_see(report.document)]
    return Page(tuple(_with_jobs(shown)), page.next_cursor)


def access_report(reader: Reader, report_id: int) -> ReportView:
    """Raises: ReportNotFound, for one that they may not see as well"""
    found = _among(reader).filter(pk=report_id).first()
    if found is None or not reader.may_see(found.document):
        raise ReportNotFound("Look it up in the list of reports.")
    return _with_jobs([found])[0]


def result_of(view: ReportView) -> ReportResult:
    """What was made, with its bytes. Raises: ReportNotReady"""
    result_id = view.report.result_id
    found = None if result_id is None else ReportResult.objects.filter(pk=result_id).first()
    if found is None:
        words = "It failed. Make it again." if not view.is_open else "It is being made. Ask again in a moment."
        raise ReportNotReady(words, extra={"status": view.status.value})
    return found


def _among(reader: Reader) -> QuerySet[Report]:
    theirs = Q(owner_id=reader.user_id) | Q(definition__owner_id=reader.user_id)
    theirs |= Q(definition__shared_with__overlap=list(reader.roles))
    return Report.objects.filter(theirs).select_related("owner", "definition", "result").defer("result__content")


def _with_jobs(reports: Sequence[Report]) -> list[ReportView]:
    jobs = Job.objects.in_bulk([one.job_id for one in reports if one.job_id is not None])
    return [ReportView(one, jobs.get(one.job_id or 0)) for one in reports]
