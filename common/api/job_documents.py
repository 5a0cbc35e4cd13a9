"""Jobs as the API tells them."""

from datetime import datetime
from typing import Any

from common.clock import rfc3339
from common.jobs.kinds import title_of
from common.models import Job


def job_document(job: Job) -> dict[str, Any]:
    return {
        "id": job.pk,
        "kind": job.kind,
        "title": title_of(job.kind),
        "status": job.status,
        "done": job.done,
        "total": job.total,
        "words": job.words,
        "attempt": job.attempt,
        "is_cancel_asked": job.is_cancel_asked,
        "error": job.error or None,
        "result": job.result,
        "file": _file(job),
        "owner_id": job.owner_id,
        "parent_id": job.parent_id,
        "created_at": rfc3339(job.created_at),
        "due_at": rfc3339(job.due_at),
        "started_at": _moment(job.started_at),
        "ended_at": _moment(job.ended_at),
    }


def _file(job: Job) -> dict[str, Any] | None:
    if not job.file_path:
        return None
    return {
        "name": job.file_name,
        "content_type": job.file_type,
        "bytes": job.file_bytes,
        "href": f"/api/v1/jobs/{job.pk}/result",
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(moment)
