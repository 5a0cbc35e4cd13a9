"""A person's list of notifications, and the markets that they watch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from alerting.engine.words import text_of
from alerting.models import NoticeKind, Notification, Watch
from alerting.selectors.wording import said
from common.paging import Page, cut, decode_cursor
from common.phrases import said as said_phrase

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
    newest = new.select_related("user").order_by("-updated_at").first()
    unread = len(new.values_list("pk")[: UNREAD_MAX + 1])
    # They may be read between the two statements, and a bell without a number has nothing to tell.
    if newest is None or not unread:
        return Bell(unread, None)
    # A socket has no request that would have chosen a language.
    with translation.override(newest.user.language or settings.LANGUAGE_CODE):
        return Bell(unread, _row(newest))


def notice_words(kind: str, words: Mapping[str, Any], title: str, text: str) -> tuple[str, str]:
    """Title and text of a kept line, in the active language: by their code, those of alerts by what engines say."""
    if kind == NoticeKind.ALERT:
        return said_phrase(title), said_phrase(text)
    return said(text_of(words, "title", title), title), said(text_of(words, "text", text), text)


def is_watched(user_id: int, market_id: int) -> bool:
    return Watch.objects.filter(user=user_id, market=market_id).exists()


def watched_markets(user_id: int) -> list[int]:
    """The newest first."""
    return list(Watch.objects.filter(user=user_id).order_by("-created_at").values_list("market_id", flat=True))


def _row(row: Notification) -> NotificationRow:
    title, text = notice_words(row.kind, row.words, row.title, row.text)
    return NotificationRow(row.pk, row.kind, title, text, row.url, row.severity, row.updated_at, row.read_at is None)
