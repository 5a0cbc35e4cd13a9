"""The kinds of background job of reports.

Door       What writes a report needs reportlab and XlsxWriter, which web processes never load; they know the kinds of
           job too. So the work is imported by name, here and nowhere else, when a worker begins with it.
"""

from typing import Final

from django.utils.module_loading import import_string

from analytics.reports.services.order_report import KIND
from analytics.reports.services.remove_old_reports import remove_old_reports
from common.jobs.kinds import declare
from common.jobs.types import JobKind, JobResult, Run, Work

_WRITE: Final = "analytics.reports.services.write_report.write_report"
#: Longer than reports are kept at most, so that every report has its job beside it.
_KEEP_DAYS: Final = 3_700


def _write(run: Run) -> JobResult | None:
    work: Work = import_string(_WRITE)
    return work(run)


def _tidy(run: Run) -> JobResult:
    return JobResult({"reports": remove_old_reports()})


declare(JobKind(name=KIND, title="Report", work=_write, open_max=20, keep_days=_KEEP_DAYS))
declare(JobKind(name="tidy_reports", title="Remove old reports", work=_tidy, every_s=3_600, keep_days=2))
