"""How an attempt ends.

Contract   Each function changes the job only while ``lease`` is still the one it was claimed with, and raises
           ``RunStopped`` otherwise: then somebody else has the job, and this attempt must leave nothing behind.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from common import clock
from common.jobs import policy
from common.jobs.errors import RunStopped
from common.jobs.types import JobKind, JobResult
from common.metrics.registry import registry
from common.models import Job, JobAttempt, JobStatus

_ENDED: Final = registry.counter("job_attempts_total", "Attempts at jobs by how they ended", ("kind", "outcome"))
_AGAIN: Final = "Something went wrong on our side. It is tried again soon."
_FAILED: Final = "Something went wrong on our side, every time it was tried. Staff can run it again."
_NO_LEASE: Final = {"lease": "", "leased_until": None}


def results_dir() -> Path:
    """Where files of results are kept; every web and worker process must see the same folder."""
    return Path(settings.DATA_DIR) / "results"


def complete_job(job: Job, result: JobResult | None, progress: tuple[int, int | None, str]) -> None:
    """Call it in the transaction of the work's own writes, with the last word of progress. Raises: RunStopped"""
    given, (done, total, _) = result or JobResult(), progress
    changes: dict[str, Any] = {"status": JobStatus.COMPLETED, "ended_at": clock.now(), "error": "", "words": ""}
    changes |= {"result": given.document, "done": done, "total": total}
    if given.file is not None:
        changes |= {
            "file_path": given.file.path.name,
            "file_name": given.file.name,
            "file_type": given.file.content_type,
            "file_bytes": given.file.path.stat().st_size,
        }
    with transaction.atomic():
        _change(job, changes | _NO_LEASE)
        _note(job, "completed", "")


def fail_job(job: Job, kind: JobKind, *, refusal: str, details: str) -> None:
    """After an attempt that failed: try again later, or end; at once after a ``refusal`` or when it is to be cancelled.

    Call it in a transaction. Raises: RunStopped
    """
    # Locked, so that whoever cancels it meanwhile finds it waiting.
    held = Job.objects.select_for_update().filter(pk=job.pk)
    if any(held.values_list("is_cancel_asked", flat=True)):
        return end_cancelled_job(job, details)
    failures = job.failures + 1
    now = clock.now()
    changes: dict[str, Any] = {"failures": failures, **_NO_LEASE}
    if refusal or policy.after_failure(kind, failures) == policy.END:
        changes |= {"status": JobStatus.FAILED, "ended_at": now, "error": refusal or _FAILED}
    else:
        due_at = now + timedelta(seconds=policy.delay_s(kind, failures))
        changes |= {"status": JobStatus.PENDING, "due_at": due_at, "error": _AGAIN}
    _change(job, changes)
    _note(job, "failed", details)


def end_cancelled_job(job: Job, details: str = "") -> None:
    """Call it in a transaction. Raises: RunStopped"""
    _change(job, {"status": JobStatus.CANCELLED, "ended_at": clock.now(), **_NO_LEASE})
    _note(job, "cancelled", details)


def is_named(job: Job, path: Path) -> bool:
    """Whether the job's result is the file at ``path``."""
    return Job.objects.filter(pk=job.pk, file_path=path.name).exists()


def _change(job: Job, changes: dict[str, Any]) -> None:
    held = Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING, lease=job.lease)
    if not held.update(**changes):
        raise RunStopped


def _note(job: Job, outcome: str, details: str) -> None:
    attempt = JobAttempt.objects.filter(job_id=job.pk, number=job.attempt)
    attempt.update(ended_at=clock.now(), outcome=outcome, error=details)
    _ENDED.of(job.kind, outcome).add()
