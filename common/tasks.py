"""Celery's part in jobs: nudges only. The ledger knows what there is to do, so a message may be lost or doubled."""

from celery import shared_task

from common.jobs.run import run_due_jobs
from common.jobs.sweep import enqueue_due_ticks, find_lost_jobs, has_due_jobs

#: The workers of jobs listen to a queue of their own, so that a long export never keeps a market from closing.
QUEUE = "jobs"


# Longer than any attempt may take; the lease is what ends those that hang.
@shared_task(acks_late=False, reject_on_worker_lost=False, time_limit=4_000, soft_time_limit=3_900)
def work_off_jobs() -> int:
    find_lost_jobs()
    return run_due_jobs()


@shared_task
def sweep_jobs() -> int:
    lost = find_lost_jobs()
    enqueue_due_ticks()
    if has_due_jobs():
        work_off_jobs.apply_async(retry=False)
    return lost
