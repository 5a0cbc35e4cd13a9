"""Ask for one's whole ledger as a file, to be made in the background."""

from typing import Final

from common.flags.declared import EXPORTS_OPEN
from common.flags.reading import is_on
from common.jobs.enqueue import enqueue
from common.jobs.errors import JobsPaused
from common.models import Job

KIND: Final = "ledger_statement"


def request_statement(*, user_id: int, key: str = "") -> Job:
    """The new job, or the one made with this ``key`` before.

    Raises: JobTooMany, JobsPaused
    Publishes: JobQueued
    """
    if not is_on(EXPORTS_OPEN):
        raise JobsPaused("Exports are paused at the moment. Try again later.", extra={"retry_after": 600})
    return enqueue(kind=KIND, owner_id=user_id, key=key)
