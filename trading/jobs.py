"""The kinds of background job of this app."""

from common.jobs.kinds import declare
from common.jobs.types import JobKind, JobResult, Run
from trading.services.refresh_day_figures import refresh_day_figures
from trading.services.request_statement import KIND
from trading.services.write_statement import write_statement

# It only reads, and commits nothing of its own: were it one transaction, a long one would hold back the vacuum.
declare(JobKind(name=KIND, title="Ledger statement", work=write_statement, is_atomic=False, open_max=3))


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
