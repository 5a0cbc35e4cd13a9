"""Everything the site keeps about somebody, as one ZIP of JSON lines.

Contract   A file for each part that an app declares (``common.personal_data``), a row a line, oldest first.
Bound      A chunk of rows in memory; no transaction is held.
"""

import json
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Final

from common.clock import now, rfc3339
from common.flags.declared import EXPORTS_OPEN
from common.flags.reading import is_on
from common.jobs.enqueue import enqueue
from common.jobs.errors import JobsPaused
from common.jobs.types import JobFile, JobResult, Run
from common.models import Job
from common.personal_data import part_rows, parts

KIND: Final = "account_data"
_STEP: Final = 500


def request_account_data(*, user_id: int) -> Job:
    """The new job. Raises: JobTooMany, JobsPaused. Publishes: JobQueued"""
    if not is_on(EXPORTS_OPEN):
        raise JobsPaused("Exports are paused at the moment. Try again later.", extra={"retry_after": 600})
    return enqueue(kind=KIND, owner_id=user_id)


def write_account_data(run: Run) -> JobResult:
    """The job's file. Raises: RunStopped"""
    assert run.owner_id is not None
    path, counts, done = run.new_file(".zip"), dict[str, int](), 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts():
            counts[part.name] = 0
            with archive.open(f"{part.name}.jsonl", "w") as file:
                for row in part_rows(part, run.owner_id):
                    file.write(json.dumps(row, default=_told, ensure_ascii=False).encode() + b"\n")
                    counts[part.name] += 1
                    done += 1
                    if done % _STEP == 0:
                        run.progress(done, None, f"Writing {part.name}")
    run.progress(done, done)
    return JobResult({"rows": counts}, JobFile(path, f"account-{now():%Y-%m-%d}.zip", "application/zip"))


def _told(value: object) -> str:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
