"""What a digest would tell."""

from datetime import datetime
from typing import Final

from alerting.engine.digests import News
from alerting.models import Digest, DigestPace, NoticeKind, Notification
from alerting.selectors.notifications import notice_words
from alerting.selectors.preferences import own_preferences
from alerting.selectors.watchlist import WatchedMarket, watchlist

LINES_MAX: Final = 40


def digest_pace(user_id: int) -> DigestPace | None:
    pace = Digest.objects.filter(user=user_id).values_list("pace", flat=True).first()
    return None if pace is None else DigestPace(pace)


def unread_news(user_id: int, *, after: datetime, upto: datetime) -> tuple[News, ...]:
    """Unread lines in the active language, the newest first; not of kinds that a letter of their own has told."""
    told = [kind for kind, wish in own_preferences(user_id).items() if wish.email]
    rows = Notification.objects.filter(user=user_id, read_at=None, updated_at__gt=after, updated_at__lte=upto)
    rows = rows.exclude(kind__in=[NoticeKind.ALERT, *told]).order_by("-updated_at", "-id")
    found = rows.values_list("kind", "words", "title", "text", "url")[:LINES_MAX]
    return tuple(News(kind, *notice_words(kind, words, title, text), url) for kind, words, title, text, url in found)


def closing_soon(user_id: int, *, after: datetime, before: datetime) -> tuple[WatchedMarket, ...]:
    """Open markets that the person watches whose trading ends in this time, the first to end first."""
    found = [one for one in watchlist(user_id) if one.status == "open" and after < one.closes_at <= before]
    return tuple(sorted(found, key=lambda one: one.closes_at)[:LINES_MAX])
