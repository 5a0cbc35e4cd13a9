"""Put work into the ledger.

Contract   The row is written in the caller's transaction: the job exists if and only if what the caller did exists.
           A worker is nudged after the commit; a nudge that is lost costs one period of the sweep.
Invariant  One job for each (kind, owner, key), and one for each (kind, tick).
"""

from datetime import datetime, timedelta
from typing import Any

from common import clock
from common.bus import publish_on_commit
from common.jobs.errors import JobTooMany
from common.jobs.events import JobQueued
from common.jobs.kinds import kind_named
from common.models import Job, JobStatus

_OPEN = (JobStatus.PENDING, JobStatus.RUNNING, JobStatus.LOST)


def enqueue(
    *,
    kind: str,
    owner_id: int | None = None,
    arguments: dict[str, Any] | None = None,
    key: str = "",
    parent_id: int | None = None,
    priority: int = 0,
    delay_s: float = 0.0,
) -> Job:
    """The new job, or the one that was made with this ``key`` before.

    Raises: JobTooMany
    Publishes: JobQueued
    """
    declared = kind_named(kind)
    assert declared is not None, f"no app declares jobs of the kind {kind}"
    found = _with_key(kind, owner_id, key)
    if found is not None:
        return found
    open_jobs = Job.objects.filter(kind=kind, owner_id=owner_id, status__in=_OPEN)
    if owner_id is not None and open_jobs.count() >= declared.open_max:
        detail = f"Wait until one of your {declared.open_max} jobs of this kind has ended, or cancel one."
        raise JobTooMany(detail, extra={"retry_after": 10})
    now = clock.now()
    job = Job(
        kind=kind,
        owner_id=owner_id,
        arguments=arguments or {},
        key=key,
        parent_id=parent_id,
        priority=priority,
        created_at=now,
        due_at=now + timedelta(seconds=delay_s),
    )
    Job.objects.bulk_create([job], ignore_conflicts=True) if key else job.save()
    made = _with_key(kind, owner_id, key) if key else job
    assert made is not None
    publish_on_commit(JobQueued(made.pk))
    return made


def enqueue_tick(*, kind: str, tick_at: datetime) -> None:
    """The turn ``tick_at`` of work by the clock; a second beat that says the same changes nothing.

    Publishes: JobQueued
    """
    now = clock.now()
    job = Job(kind=kind, tick_at=tick_at, created_at=now, due_at=now)
    Job.objects.bulk_create([job], ignore_conflicts=True)
    publish_on_commit(JobQueued(0))


def _with_key(kind: str, owner_id: int | None, key: str) -> Job | None:
    return Job.objects.filter(kind=kind, owner_id=owner_id, key=key).first() if key else None
