"""A job whose reader waits: its rows are sent while they are read.

Contract   It stands in the ledger like any other. RUNNING under this process's lease from the request on, COMPLETED
           when the last row was handed over, CANCELLED when its reader went away or its owner cancelled it.
           When this process dies or reading fails, its lease runs out: it is LOST, and a worker makes the file.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from django.db import transaction

from common.jobs import finish
from common.jobs.claim import claim_new_job
from common.jobs.enqueue import enqueue
from common.jobs.errors import RunStopped
from common.jobs.heartbeat import Heartbeat
from common.jobs.kinds import kind_named
from common.jobs.types import JobResult
from common.models import Job

logger = logging.getLogger(__name__)
Row = TypeVar("Row")


def stream_job(*, kind: str, owner_id: int, rows: Iterable[Row], total: int) -> Iterator[Row]:
    """``rows``, which are asked when the sending begins; the job is there when this returns.

    Raises: JobTooMany; RunStopped in the middle of the rows, when the job was cancelled
    """
    declared = kind_named(kind)
    assert declared is not None
    with transaction.atomic():
        job = enqueue(kind=kind, owner_id=owner_id)
        claim_new_job(job, declared)
    return _sent(job, Heartbeat(job, declared), rows, total)


def _sent(job: Job, heartbeat: Heartbeat, rows: Iterable[Row], total: int) -> Iterator[Row]:
    done = 0
    try:
        with heartbeat:
            for row in rows:
                yield row
                done += 1
                heartbeat.say(done, total, "Sending lines")
                if heartbeat.is_stopped:
                    raise RunStopped
    except (GeneratorExit, RunStopped):
        _end(job, finish.end_cancelled_job)
        raise
    _end(job, lambda job: finish.complete_job(job, JobResult({"lines": done}), (done, done, "")))


def _end(job: Job, note: Callable[[Job], None]) -> None:
    try:
        with transaction.atomic():
            note(job)
    except RunStopped:
        logger.warning("job %s (%s) went on elsewhere while it was sent", job.pk, job.kind)
