"""Take one job that is due.

Contract   Two workers never get the same job: the row is locked while it is taken, and locked rows are skipped.
           Taking ends with the commit; from then on the lease says whose it is.
"""

import os
import secrets
import socket
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from common import clock
from common.jobs.kinds import known_kinds
from common.jobs.types import JobKind
from common.models import Job, JobAttempt, JobStatus

_WAITING: Final = (JobStatus.PENDING, JobStatus.LOST)


def claim_job() -> Job | None:
    """The most urgent job that is due, now RUNNING under a new lease; ``None`` when there is none."""
    kinds = {kind.name: kind for kind in known_kinds()}
    now = clock.now()
    due = Job.objects.filter(status__in=_WAITING, due_at__lte=now, kind__in=kinds).order_by("-priority", "due_at", "id")
    with transaction.atomic():
        job = due.select_for_update(skip_locked=True).first()
        if job is None:
            return None
        _take(job, kinds[job.kind], now)
    return job


def claim_new_job(job: Job, kind: JobKind) -> None:
    """Run ``job`` here and now; call it in the transaction that made it, so that no worker has seen it."""
    _take(job, kind, clock.now())


def _take(job: Job, kind: JobKind, now: datetime) -> None:
    job.status, job.lease = JobStatus.RUNNING, secrets.token_hex(16)
    job.leased_until = now + timedelta(seconds=kind.lease_s)
    job.started_at, job.attempt = job.started_at or now, job.attempt + 1
    job.done, job.total, job.words = 0, None, ""
    job.save(
        update_fields=[
            "status", "lease", "leased_until", "started_at", "attempt", "done", "total", "words",
        ]
    )  # fmt: skip
    JobAttempt.objects.create(job=job, number=job.attempt, worker=worker_name(), started_at=now)


def worker_name() -> str:
    return f"{socket.gethostname()[:80]}-{os.getpid()}"
