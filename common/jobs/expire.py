"""Forget jobs that ended long ago, their files, and the older files of who makes many."""

import time
from datetime import timedelta
from typing import Final

from django.db.models import QuerySet

from common import clock
from common.jobs.finish import results_dir
from common.jobs.kinds import known_kinds
from common.jobs.types import JobKind
from common.models import Job

_BATCH: Final = 1_000
_DAY_S: Final = 86_400
_KEEP_UNKNOWN_DAYS: Final = 30


def remove_expired_jobs() -> int:
    """How many rows went; a kind says how many days it is kept."""
    now, count = clock.now(), 0
    known = {kind.name: kind.keep_days for kind in known_kinds()}
    for name, days in known.items():
        count += _remove(Job.objects.filter(kind=name, ended_at__lt=now - timedelta(days=days)))
    unknown = Job.objects.exclude(kind__in=known)
    return count + _remove(unknown.filter(ended_at__lt=now - timedelta(days=_KEEP_UNKNOWN_DAYS)))


def remove_surplus_files(kind: JobKind, owner_id: int) -> int:
    """Keep the owner's newest files of this kind, as many as it says, so that nobody fills the disk; how many went."""
    named = Job.objects.filter(kind=kind.name, owner_id=owner_id).exclude(file_path="").order_by("-id")
    rows = list(named.values_list("pk", "file_path")[kind.files_max :][:_BATCH])
    Job.objects.filter(pk__in=[pk for pk, _ in rows]).update(file_path="")
    for _, name in rows:
        (results_dir() / name).unlink(missing_ok=True)
    return len(rows)


def remove_files_of(owner_id: int) -> int:
    """Every file that was made for somebody who is gone; how many went."""
    rows = list(Job.objects.filter(owner_id=owner_id).exclude(file_path="").values_list("pk", "file_path"))
    Job.objects.filter(pk__in=[pk for pk, _ in rows]).update(file_path="")
    for _, name in rows:
        (results_dir() / name).unlink(missing_ok=True)
    return len(rows)


def remove_left_files() -> int:
    """Files that no job names: of attempts that were lost, or of jobs that are gone. A day's grace for running ones."""
    folder, count = results_dir(), 0
    named = set(Job.objects.exclude(file_path="").values_list("file_path", flat=True))
    for path in folder.glob("*") if folder.is_dir() else ():
        if path.name not in named and path.stat().st_mtime < time.time() - _DAY_S:
            path.unlink(missing_ok=True)
            count += 1
    return count


def _remove(jobs: QuerySet[Job]) -> int:
    rows = list(jobs.order_by("ended_at").values_list("pk", "file_path")[:_BATCH])
    for _, name in rows:
        if name:
            (results_dir() / name).unlink(missing_ok=True)
    Job.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
    return len(rows)
