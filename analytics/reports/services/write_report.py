"""Make a report that was asked for: the work of a background job.

Contract   Runs in the transaction that notes the job's end, so what is stored and every letter are written together or
           not at all. A result over the same data in the same language is taken instead of being written again.
           What people read is in the language of its owner's account.
Safety     Owner and readers are asked for their permissions at this moment, not when the report was ordered.
"""

import hashlib

from django.utils import translation

from analytics.reports.engine.definitions import definition_from
from analytics.reports.models import Report, ReportResult
from analytics.reports.selectors.figures import catalogue
from analytics.reports.services._checks import check_definition
from analytics.reports.services._contents import read_contents, version_of
from analytics.reports.services._delivery import deliver
from analytics.reports.services._rendering import rendered
from analytics.reports.services._telling import READ, language_of, told
from analytics.reports.types import Contents, Format, Span
from common import clock
from common.jobs.types import JobResult, Run
from common.languages import code


def write_report(run: Run) -> JobResult | None:
    """The job's document. Raises: ReportInvalid, ReportNotAllowed, ReportTooLong, RunStopped"""
    report = Report.objects.filter(pk=run.arguments["report_id"]).first()
    if report is None:
        # Its owner's account is gone, and the report with it.
        return None
    definition = definition_from(report.document)
    check_definition(definition, owner_id=report.owner_id, today=report.last_on)
    steps = len(definition.metrics) + 2
    contents = read_contents(
        definition,
        Span(report.first_on, report.last_on),
        catalogue(),
        tell=lambda done, words: run.progress(done, steps, words),
    )
    run.progress(steps - 2, steps, f"Writing {definition.format.upper()}")
    with translation.override(language_of(report.owner_id) if definition.format in READ else "en"):
        result, is_new = _result(report, contents, definition.format)
    run.progress(steps - 1, steps, "Sending")
    report.result, report.is_from_cache, report.made_at = result, not is_new, clock.now()
    report.save(update_fields=["result", "is_from_cache", "made_at"])
    count = deliver(report, result)
    run.progress(steps, steps)
    page = f"/business/reports/made/{report.pk}/"
    return JobResult({"report_id": report.pk, "rows": result.row_count, "letters": count, "href": page})


def _result(report: Report, contents: Contents, chosen: Format) -> tuple[ReportResult, bool]:
    """What is stored, and whether it was made just now."""
    version = version_of(contents.table) + ("" if code() == "en" else f"-{code()}")
    same = ReportResult.objects.filter(digest=report.digest, data_version=version)
    found = same.defer("content").first()
    if found is not None:
        return found, False
    made_at = clock.now()
    span = Span(report.first_on, report.last_on)
    content, content_type = rendered(told(contents, span), chosen, made_at)
    made = ReportResult(
        digest=report.digest,
        data_version=version,
        format=chosen,
        content_type=content_type,
        content=content,
        content_bytes=len(content),
        row_count=len(contents.table.rows),
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=made_at,
    )
    # Another worker may have stored it meanwhile; then its row counts.
    ReportResult.objects.bulk_create([made], ignore_conflicts=True)
    kept = same.get()
    return kept, kept.sha256 == made.sha256
