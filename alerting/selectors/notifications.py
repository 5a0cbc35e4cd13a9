"""A person's list of notifications, and the markets that they watch."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alerting.models import Notification, Watch
from common.paging import Page, cut, decode_cursor

WATCHES_MAX: Final = 200
UNREAD_MAX: Final = 99
_KIND: Final = "notifications"


@dataclass(frozen=True, slots=True)
class NotificationRow:
    id: int
    kind: str
    title: str
    text: str
    url: str
    severity: str
    at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class Bell:
    """``unread`` is at most ``UNREAD_MAX`` + 1, which means more; ``newest`` is the newest line that is new."""

    unread: int
    newest: NotificationRow | None


def notifications(user_id: int, *, limit: int = 50, cursor: str | None = None) -> Page[NotificationRow]:
    """The newest first.

    Raises: CursorInvalid
    """
    rows = Notification.objects.filter(user=user_id).order_by("-id")
    if cursor is not None:
        rows = rows.filter(pk__lt=decode_cursor(_KIND, cursor, (int,))[0])
    found = [_row(row) for row in rows[: limit + 1]]
    return cut(found, limit=limit, kind=_KIND, keys=lambda row: (row.id,))


def bell_of(user_id: int) -> Bell:
    new = Notification.objects.filter(user=user_id, read_at=None)
    newest = new.order_by("-updated_at").first()
    unread = len(new.values_list("pk")[: UNREAD_MAX + 1])
    # They may be read between the two statements, and a bell without a number has nothing to tell.
    return Bell(unread, _row(newest) if newest is not None and unread else None)


def is_watched(user_id: int, market_id: int) -> bool:
    return Watch.objects.filter(user=user_id, market=market_id).exists()


def watched_markets(user_id: int) -> list[int]:
    """The newest first."""
    return list(Watch.objects.filter(user=user_id).order_by("-created_at").values_list("market_id", flat=True))


def _row(row: Notification) -> NotificationRow:
    return NotificationRow(
        row.pk, row.kind, row.title, row.text, row.url, row.severity, row.updated_at, row.read_at is None
    )
