"""The kinds of job that the kernel itself needs."""

from typing import Final

from common.jobs.expire import remove_expired_jobs, remove_left_files
from common.jobs.types import JobKind, JobResult, Run


def _tidy(run: Run) -> JobResult:
    jobs = remove_expired_jobs()
    return JobResult({"jobs": jobs, "files": remove_left_files()})


TIDY: Final = JobKind(name="tidy_jobs", title="Remove old jobs and their files", work=_tidy, every_s=3_600, keep_days=2)
