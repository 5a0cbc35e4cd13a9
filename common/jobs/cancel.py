"""Stop a job: at once while it waits, at its next word of progress while it runs."""

from django.db import transaction

from common import clock
from common.jobs.errors import JobEnded, JobNotFound
from common.models import Job, JobStatus


def cancel_job(*, job_id: int, reason: str = "") -> Job:
    """The job as it is now, CANCELLED or with the wish noted; its children are cancelled with it.

    ``reason`` is for the owner to read.

    Raises: JobNotFound, JobEnded
    """
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        if job is None:
            raise JobNotFound("Look it up in your list of jobs.")
        if job.ended_at is not None:
            raise JobEnded(f"It has ended already: {job.get_status_display()}.", extra={"status": job.status})
        _cancel(job, reason)
        for child in Job.objects.select_for_update().filter(parent_id=job_id, ended_at=None):
            _cancel(child, reason)
    return job


def _cancel(job: Job, reason: str) -> None:
    job.is_cancel_asked, job.error = True, reason
    if job.status != JobStatus.RUNNING:
        job.status, job.ended_at = JobStatus.CANCELLED, clock.now()
    job.save(update_fields=["is_cancel_asked", "error", "status", "ended_at"])
