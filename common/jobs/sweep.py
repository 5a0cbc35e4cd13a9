"""Find what nudges and workers have missed.

Contract   A job whose lease has run out is LOST and due again, or ended when it was lost too often or cancelled.
           Safe in any number of processes at once: rows that another one looks at are skipped.
Bound      ``_BATCH`` jobs each call.
"""

from datetime import datetime
from typing import Any, Final

from django.db import transaction

from common import clock
from common.jobs import policy
from common.jobs.enqueue import enqueue_tick
from common.jobs.kinds import kind_named, known_kinds
from common.metrics.registry import registry
from common.models import Job, JobAttempt, JobStatus

_BATCH: Final = 200
_LOST: Final = registry.counter("jobs_lost_total", "Attempts at jobs whose worker was lost", ("kind",))
_WORDS: Final = "The workers that tried it were lost every time."


def find_lost_jobs() -> int:
    """How many leases had run out."""
    now = clock.now()
    expired = Job.objects.filter(status=JobStatus.RUNNING, leased_until__lt=now)
    with transaction.atomic():
        jobs = list(expired.select_for_update(skip_locked=True)[:_BATCH])
        for job in jobs:
            _lose(job, now)
    return len(jobs)


def enqueue_due_ticks() -> None:
    """The newest turn of every kind that runs by the clock."""
    now = clock.now()
    for kind in known_kinds():
        if kind.every_s is not None:
            tick_at = policy.tick_at(kind.every_s, now)
            if not Job.objects.filter(kind=kind.name, tick_at=tick_at).exists():
                enqueue_tick(kind=kind.name, tick_at=tick_at)


def has_due_jobs() -> bool:
    waiting = Job.objects.filter(status__in=(JobStatus.PENDING, JobStatus.LOST), due_at__lte=clock.now())
    return waiting.exists()


def _lose(job: Job, now: datetime) -> None:
    kind, losses = kind_named(job.kind), job.losses + 1
    changes: dict[str, Any] = {"losses": losses, "lease": "", "leased_until": None}
    if job.is_cancel_asked:
        changes |= {"status": JobStatus.CANCELLED, "ended_at": now}
    elif kind is None or policy.after_loss(kind, losses) == policy.END:
        changes |= {"status": JobStatus.FAILED, "ended_at": now, "error": _WORDS}
    else:
        changes |= {"status": JobStatus.LOST, "due_at": now}
    Job.objects.filter(pk=job.pk).update(**changes)
    JobAttempt.objects.filter(job_id=job.pk, number=job.attempt).update(ended_at=now, outcome="lost")
    _LOST.of(job.kind).add()
