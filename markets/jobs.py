"""The kinds of background job of this app."""

from common.jobs.kinds import declare
from common.jobs.types import JobKind, JobResult, Run
from markets.services.archive_journal import archive_journal


def _archive(run: Run) -> JobResult:
    report = archive_journal(on_progress=lambda records: run.progress(records, None, "Moving records"))
    return JobResult({"files": report.files, "records": report.records, "bytes": report.bytes})


#: It commits step by step, and each step may be repeated.
declare(
    JobKind(
        name="archive_journal",
        title="Move of old journal records into the archive",
        work=_archive,
        is_atomic=False,
        every_s=86_400,
        run_s_max=3_500.0,
        keep_days=30,
    )
)
