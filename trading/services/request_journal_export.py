"""Ask for the journal of a market, or of all markets, as a file, to be made in the background."""

from enum import StrEnum
from typing import Final

from django.db import transaction

from accounts.selectors.people import has_permission
from common.audit import record_audit
from common.flags.declared import EXPORTS_OPEN
from common.flags.reading import is_on
from common.jobs.enqueue import enqueue
from common.jobs.errors import JobsPaused
from common.models import Job
from markets.errors import ActionNotAllowed

KIND: Final = "journal_export"
#: To see whose orders, holds and cash a journal tells of.
FULL_PERMISSION: Final = "markets.view_marketevent"


class ExportFormat(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class ExportDetail(StrEnum):
    """``PUBLIC``: levels, trades and prices. ``FULL``: everything that is recorded."""

    PUBLIC = "public"
    FULL = "full"


def request_journal_export(
    *, user_id: int, market_id: int | None, format: ExportFormat, detail: ExportDetail, key: str = ""
) -> Job:
    """The new job, or the one made with this ``key`` before. ``market_id`` empty: of all markets, for staff.

    What staff ask for is audited.

    Raises: ActionNotAllowed, JobTooMany, JobsPaused
    Publishes: JobQueued
    """
    is_full = detail is ExportDetail.FULL
    if (is_full or market_id is None) and not has_permission(user_id, FULL_PERMISSION):
        raise ActionNotAllowed("Only staff may see whose orders a journal tells of, or export all of them at once.")
    if not is_on(EXPORTS_OPEN):
        raise JobsPaused("Exports are paused at the moment. Try again later.", extra={"retry_after": 600})
    arguments = {"market_id": market_id, "is_full": is_full, "format": format.value}
    with transaction.atomic():
        job = enqueue(kind=KIND, owner_id=user_id, key=key, arguments=arguments)
        if is_full:
            record_audit(actor_id=user_id, action="journal.export", target=job, after=arguments)
    return job
