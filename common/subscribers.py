"""Reactions to facts, each a nudge that a sweep repeats if it is lost; and the kernel's own kinds of job."""

from common.bus import subscribe
from common.jobs.declared import TIDY
from common.jobs.events import JobQueued
from common.jobs.kinds import declare
from common.tasks import work_off_jobs


@subscribe(JobQueued)
def nudge_workers(event: JobQueued) -> None:
    work_off_jobs.apply_async(retry=False)


declare(TIDY)
