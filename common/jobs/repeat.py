"""Give a job that failed another chance, by hand."""

from django.db import transaction

from common import clock
from common.bus import publish_on_commit
from common.jobs.errors import JobNotFound
from common.jobs.events import JobQueued
from common.models import Job, JobStatus


def repeat_job(*, job_id: int) -> None:
    """A FAILED job waits again, with its counts of failures and losses at nothing.

    Raises: JobNotFound
    Publishes: JobQueued
    """
    with transaction.atomic():
        failed = Job.objects.filter(pk=job_id, status=JobStatus.FAILED)
        changed = failed.update(
            status=JobStatus.PENDING,
            ended_at=None,
            due_at=clock.now(),
            failures=0,
            losses=0,
            error="",
            is_cancel_asked=False,
        )
        if not changed:
            raise JobNotFound("Only a job that failed can be run again.")
        publish_on_commit(JobQueued(job_id))
