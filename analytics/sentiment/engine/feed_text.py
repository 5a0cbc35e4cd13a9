"""RSS and Atom as entries of plain text.

Contract   ``entries_of`` reads bytes, never a network or a file. Texts have no markup; addresses are http or https.
Bound      ``ENTRIES_MAX`` entries; titles and summaries are cut.
"""

import hashlib
import re
from calendar import timegm
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from typing import Any, Final

import feedparser

from analytics.sentiment.errors import FeedUnreadable
from analytics.sentiment.types import Entry

ENTRIES_MAX: Final = 300
TITLE_LENGTH_MAX: Final = 300
SUMMARY_LENGTH_MAX: Final = 2_000
URL_LENGTH_MAX: Final = 1_000
_TAG: Final = re.compile(r"<[^>]*>")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def entries_of(body: bytes) -> list[Entry]:
    """The newest entries with a title, in the order of the feed.

    Raises: FeedUnreadable
    """
    if b"<!ENTITY" in body[:65_536]:
        raise FeedUnreadable("It declares entities, which feeds have no use for.")
    # A stream, because feedparser opens bytes and texts that look like an address or a path.
    parsed: Any = feedparser.parse(BytesIO(body))
    if not parsed.get("version"):
        raise FeedUnreadable("It is neither RSS nor Atom.")
    found = (_entry(entry) for entry in parsed.entries[:ENTRIES_MAX])
    return [entry for entry in found if entry.title]


def plain(text: str, *, length_max: int) -> str:
    """One line without markup and control characters."""
    words = unescape(_TAG.sub(" ", text))
    return " ".join(_CONTROL.sub(" ", words).split())[:length_max].rstrip()


def _entry(entry: Any) -> Entry:
    url = str(entry.get("link", "")).strip()
    title = plain(str(entry.get("title", "")), length_max=TITLE_LENGTH_MAX)
    known_as = str(entry.get("id", "")) or url or title
    return Entry(
        key=hashlib.sha256(known_as.encode("utf-8", "replace")).hexdigest(),
        title=title,
        summary=plain(str(entry.get("summary", "")), length_max=SUMMARY_LENGTH_MAX),
        url=url if url.startswith(("http://", "https://")) and len(url) <= URL_LENGTH_MAX else "",
        published_at=_moment(entry),
    )


def _moment(entry: Any) -> datetime | None:
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return None if parsed is None else datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
