"""The bytes of a report as an answer."""

from urllib.parse import quote

from django.http import HttpResponse

from analytics.reports.engine.naming import file_name
from analytics.reports.selectors.reports import ReportView, result_of
from analytics.reports.types import Format


def file_answer(view: ReportView) -> HttpResponse:
    """Raises: ReportNotReady"""
    result, report = result_of(view), view.report
    name = file_name(report.title, report.first_on, report.last_on, Format(result.format))
    answer = HttpResponse(bytes(result.content), content_type=result.content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{quote(name)}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
