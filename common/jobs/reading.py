"""Jobs as their owners and staff see them."""

from pathlib import Path
from typing import Final

from common.jobs.errors import JobNotFound, JobWithoutFile
from common.jobs.finish import results_dir
from common.models import Job, JobStatus
from common.paging import LIMIT_DEFAULT, Page, cut, decode_cursor

#: What lets staff see and stop jobs of others.
VIEW_PERMISSION: Final = "common.view_job"
CHANGE_PERMISSION: Final = "common.change_job"
_LIST: Final = "jobs"


def jobs(
    *,
    owner_id: int | None,
    status: str = "",
    kind: str = "",
    parent_id: int | None = None,
    limit: int = LIMIT_DEFAULT,
    cursor: str | None = None,
) -> Page[Job]:
    """A page of jobs, newest first; of everybody and the site itself without ``owner_id``. Raises: CursorInvalid"""
    wanted = {"owner_id": owner_id, "status": status, "kind": kind, "parent_id": parent_id}
    found = Job.objects.filter(**{name: value for name, value in wanted.items() if value}).order_by("-id")
    if cursor is not None:
        found = found.filter(pk__lt=decode_cursor(_LIST, cursor, (int,))[0])
    return cut(list(found[: limit + 1]), limit=limit, kind=_LIST, keys=lambda job: (job.pk,))


def access_job(job_id: int, *, user_id: int, sees_all: bool) -> Job:
    """Raises: JobNotFound, for a job of somebody else as well"""
    job = Job.objects.filter(pk=job_id).first()
    if job is None or not (sees_all or job.owner_id == user_id):
        raise JobNotFound("Look it up in your list of jobs.")
    return job


def result_file(job: Job) -> Path:
    """Raises: JobWithoutFile"""
    path = results_dir() / Path(job.file_path).name
    if job.status != JobStatus.COMPLETED or not job.file_path or not path.is_file():
        raise JobWithoutFile("It hasn't completed, made no file, or the file was removed after its time.")
    return path
