"""Pages of reports that were made or are being made: progress, reading, the file."""

import re
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from analytics.reports.api.files import file_answer
from analytics.reports.errors import ReportNotReady
from analytics.reports.selectors.access import VIEW, Reader
from analytics.reports.selectors.reports import access_report, result_of, visible_reports
from analytics.reports.services.document_style import style_source
from analytics.reports.types import Format
from analytics.reports.web.access import for_readers
from analytics.reports.web.context import ReportRow, rows_of
from common.jobs.cancel import cancel_job
from common.jobs.errors import JobEnded, JobNotFound
from common.problem_words import words_of

_SHOWN: Final = 25
_ID: Final = re.compile(r"[0-9]{1,18}")


@require_safe
@for_readers(VIEW)
def made_rows(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The part of lists that changes, for their script."""
    asked = request.GET.get("definition", "")
    definition_id = int(asked) if _ID.fullmatch(asked) else None
    page = visible_reports(reader, definition_id=definition_id, limit=_SHOWN)
    return render(request, "analytics/reports/_rows.html", {"rows": rows_of(page.items, reader.user_id)})


@require_safe
@for_readers(VIEW)
def made(request: HttpRequest, reader: Reader, report_id: str) -> HttpResponse:
    return render(request, "analytics/reports/made.html", _context(reader, report_id))


@require_safe
@for_readers(VIEW)
def made_state(request: HttpRequest, reader: Reader, report_id: str) -> HttpResponse:
    """The part of the page that changes, for its script."""
    return render(request, "analytics/reports/_state.html", _context(reader, report_id))


@require_safe
@for_readers(VIEW)
def made_file(request: HttpRequest, reader: Reader, report_id: str) -> HttpResponse:
    view = access_report(reader, int(report_id))
    try:
        return file_answer(view)
    except ReportNotReady as refusal:
        messages.error(request, words_of(refusal))
        return redirect("reports:made", view.report.pk)


@require_safe
@for_readers(VIEW)
def made_reading(request: HttpRequest, reader: Reader, report_id: str) -> HttpResponse:
    """A report in HTML as a page of its own, which may do nothing but be read."""
    view = access_report(reader, int(report_id))
    if view.report.document["format"] != Format.HTML or not view.is_ready:
        return redirect("reports:made", view.report.pk)
    answer = HttpResponse(bytes(result_of(view).content), content_type="text/html; charset=utf-8")
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {style_source()}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return answer


@require_POST
@for_readers(VIEW)
def made_cancel(request: HttpRequest, reader: Reader, report_id: str) -> HttpResponse:
    view = access_report(reader, int(report_id))
    if view.report.owner_id == reader.user_id and view.report.job_id is not None:
        try:
            cancel_job(job_id=view.report.job_id)
        except (JobEnded, JobNotFound) as refusal:
            messages.error(request, words_of(refusal))
    return redirect("reports:made", view.report.pk)


def _context(reader: Reader, report_id: str) -> dict[str, object]:
    view = access_report(reader, int(report_id))
    deliveries = view.report.deliveries.select_related("user").order_by("pk")
    row = ReportRow(view, view.report.owner_id == reader.user_id)
    return {"row": row, "deliveries": deliveries, "keep_days": settings.REPORT_KEEP_DAYS}
