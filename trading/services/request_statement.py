"""Ask for one's whole ledger as a file, to be made in the background."""

from typing import Final

from common.jobs.enqueue import enqueue
from common.models import Job

KIND: Final = "ledger_statement"


def request_statement(*, user_id: int, key: str = "") -> Job:
    """The new job, or the one made with this ``key`` before.

    Raises: JobTooMany
    Publishes: JobQueued
    """
    return enqueue(kind=KIND, owner_id=user_id, key=key)
