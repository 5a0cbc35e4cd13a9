"""Run one claimed job to the end of this attempt.

Contract   Work of an atomic kind and the note that it completed are one transaction: a worker that dies, or lost
           its lease without noticing, leaves nothing of the attempt in the database. A file belongs to one attempt
           by its name and counts only when the note names it.
           A ``DomainError`` is the owner's to mend and ends the job; anything else is tried again.
"""

import logging
import secrets
import time
import traceback
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import structlog
from django.db import transaction

from common.errors import DomainError
from common.jobs import finish
from common.jobs.claim import claim_job
from common.jobs.errors import RunStopped
from common.jobs.expire import remove_surplus_files
from common.jobs.heartbeat import Heartbeat
from common.jobs.kinds import kind_named
from common.jobs.types import JobKind
from common.metrics.registry import registry
from common.models import Job

logger = logging.getLogger(__name__)
_SECONDS: Final = registry.sketch("job_seconds", "Time of one attempt at a job", ("kind",))


class Attempt:
    """Implements ``common.jobs.types.Run``."""

    def __init__(self, job: Job, heartbeat: Heartbeat) -> None:
        self._job, self._heartbeat = job, heartbeat
        self.files: list[Path] = []

    @property
    def job_id(self) -> int:
        return self._job.pk

    @property
    def owner_id(self) -> int | None:
        return self._job.owner_id

    @property
    def arguments(self) -> dict[str, Any]:
        return dict(self._job.arguments)

    def progress(self, done: int, total: int | None = None, words: str = "") -> None:
        self._heartbeat.say(done, total, words)
        if self._heartbeat.is_stopped:
            raise RunStopped

    def new_file(self, suffix: str) -> Path:
        folder = finish.results_dir()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{self.job_id}-{self._job.attempt}-{secrets.token_hex(8)}{suffix}"
        self.files.append(path)
        return path


def run_due_jobs(*, seconds: float = 30.0) -> int:
    """Take and run jobs until none is due or ``seconds`` have passed; how many were run."""
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        job = claim_job()
        if job is None:
            break
        run_job(job)
        count += 1
    return count


def run_job(job: Job) -> None:
    """One attempt; whatever the work does, the job is left in a state from which it ends."""
    kind = kind_named(job.kind)
    assert kind is not None
    began = time.perf_counter()
    words = structlog.contextvars.bound_contextvars(job_id=job.pk, job_kind=job.kind, attempt=job.attempt)
    with words, Heartbeat(job, kind) as heartbeat:
        attempt = Attempt(job, heartbeat)
        is_kept = _work(job, kind, attempt, heartbeat)
    if is_kept and attempt.files and job.owner_id is not None:
        remove_surplus_files(kind, job.owner_id)
    elif not is_kept:
        for path in attempt.files:
            # Named when the note was kept and only its answer was lost.
            if not finish.is_named(job, path):
                path.unlink(missing_ok=True)
    _SECONDS.of(job.kind).record(time.perf_counter() - began)


def _work(job: Job, kind: JobKind, attempt: Attempt, heartbeat: Heartbeat) -> bool:
    """Whether the attempt completed."""
    try:
        with transaction.atomic() if kind.is_atomic else nullcontext():
            finish.complete_job(job, kind.work(attempt), heartbeat.said)
    except RunStopped:
        _stop(job, heartbeat)
    except DomainError as refusal:
        _fail(job, kind, refusal, refusal=refusal.detail)
    except Exception as mistake:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        _fail(job, kind, mistake)
    else:
        return True
    return False


def _stop(job: Job, heartbeat: Heartbeat) -> None:
    if not heartbeat.is_cancelled:
        logger.warning(
            "job %s (%s) went on elsewhere: the lease of attempt %s had run out", job.pk, job.kind, job.attempt
        )
        return
    try:
        with transaction.atomic():
            finish.end_cancelled_job(job)
    except RunStopped:
        logger.warning("job %s (%s) was lost before it could be cancelled", job.pk, job.kind)


def _fail(job: Job, kind: JobKind, error: Exception, *, refusal: str = "") -> None:
    details = "".join(traceback.format_exception(error))[-8_000:]
    try:
        with transaction.atomic():
            finish.fail_job(job, kind, refusal=refusal, details=details)
    except RunStopped:
        logger.warning("job %s (%s) failed after its lease had run out", job.pk, job.kind)
