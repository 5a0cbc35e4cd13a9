"""Ask for one's whole ledger: as a file that is made in the background, or sent at once. Both are jobs."""

from collections.abc import Iterator
from typing import Final

from common.flags.declared import EXPORTS_OPEN
from common.flags.reading import is_on
from common.jobs.enqueue import enqueue
from common.jobs.errors import JobsPaused
from common.jobs.stream import stream_job
from common.models import Job
from trading.selectors.accounts import whole_ledger
from trading.selectors.statement import ledger_line_count, statement_cells

KIND: Final = "ledger_statement"
WORKBOOK: Final = "ledger_workbook"


def request_statement(*, user_id: int, key: str = "", is_workbook: bool = False) -> Job:
    """The new job, or the one made with this ``key`` before. A CSV file, or a workbook (XLSX).

    Raises: JobTooMany, JobsPaused
    Publishes: JobQueued
    """
    _check_open()
    return enqueue(kind=WORKBOOK if is_workbook else KIND, owner_id=user_id, key=key)


def stream_statement(*, user_id: int) -> Iterator[tuple[object, ...]]:
    """The cells of every line, newest first, read while they are sent.

    Raises: JobTooMany, JobsPaused; RunStopped in the middle, when the job was cancelled
    Publishes: JobQueued
    """
    _check_open()
    rows = (statement_cells(line) for line in whole_ledger(user_id))
    return stream_job(kind=KIND, owner_id=user_id, rows=rows, total=ledger_line_count(user_id))


def _check_open() -> None:
    if not is_on(EXPORTS_OPEN):
        raise JobsPaused("Exports are paused at the moment. Try again later.", extra={"retry_after": 600})
