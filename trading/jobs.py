"""The kinds of background job of this app.

Door       What writes a journal's file needs pyarrow, which web processes never load; so it is imported by name, when a
           worker begins with it.
"""

from typing import Final

from django.utils.module_loading import import_string

from common.jobs.kinds import declare
from common.jobs.types import JobKind, JobResult, Run, Work
from trading.services.refresh_day_figures import refresh_day_figures
from trading.services.request_journal_export import KIND as JOURNAL_EXPORT
from trading.services.request_statement import KIND
from trading.services.write_statement import write_statement

# It only reads, and commits nothing of its own: were it one transaction, a long one would hold back the vacuum.
declare(JobKind(name=KIND, title="Ledger statement", work=write_statement, is_atomic=False, open_max=3))

_WRITE_JOURNAL: Final = "trading.services.write_journal_export.write_journal_export"


def _write_journal(run: Run) -> JobResult | None:
    work: Work = import_string(_WRITE_JOURNAL)
    return work(run)


declare(JobKind(name=JOURNAL_EXPORT, title="Journal export", work=_write_journal, is_atomic=False, open_max=3))


def _refresh_figures(run: Run) -> JobResult:
    return JobResult({"markets": refresh_day_figures()})


#: What lists and cards of markets show.
declare(
    JobKind(
        name="refresh_day_figures",
        title="Refresh of the 24-hour figures",
        work=_refresh_figures,
        every_s=60,
        keep_days=1,
    )
)
