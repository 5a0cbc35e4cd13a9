"""What the masthead shows on every page, in one statement: topics, announcements and the reader's cash.

Contract   The lists are the same for everybody and kept ``AGE_S`` by each process; a market that is published, or an
           announcement that is made, is seen at once where that was done and within a second or two elsewhere. Cash is
           never kept: it comes with the lists when these had to be read, and is asked for by itself otherwise.
"""

import json
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from accounts.selectors.announcements import KEPT_MAX, AnnouncementView
from accounts.types import ANNOUNCEMENTS, Audience
from common import clock
from common.caching.memory_cache import memory_cache
from markets.types import MARKET_LISTS
from trading.selectors.accounts import AccountView, account_view
from trading.selectors.rows import fetch_one
from trading.selectors.topics import TOPICS, TopicView

AGE_S: Final = 30.0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Masthead:
    """``announcements``: those that aren't over, to come or not, for whomever."""

    topics: tuple[TopicView, ...]
    announcements: tuple[AnnouncementView, ...]


@dataclass(slots=True)
class _Reader:
    """Who asks, and their account once the statement of the lists has brought it along."""

    user_id: int | None
    account: AccountView | None = None


_reader: ContextVar[_Reader | None] = ContextVar("_reader", default=None)
# Constants only are joined here; every value is a bound parameter.
_SELECT: Final = f"""
SELECT
    (SELECT json_agg(json_build_array(t.id, t.slug, t.name)) FROM ({TOPICS}) t)::text,
    (SELECT json_agg(json_build_array(a.id, a.title, a.text, a.audience, a.starts_us, a.ends_us)) FROM (
        SELECT id, title, text, audience, (extract(epoch FROM starts_at) * 1000000)::bigint AS starts_us,
            (extract(epoch FROM ends_at) * 1000000)::bigint AS ends_us
        FROM accounts_announcement WHERE ends_at > %(now)s ORDER BY starts_at DESC, id DESC LIMIT {KEPT_MAX}) a)::text,
    u.id, u.username, COALESCE(w.cash, 0), COALESCE(w.held, 0)
FROM (SELECT 1) one
LEFT JOIN accounts_user u ON u.id = %(user_id)s
LEFT JOIN trading_account w ON w.user_id = u.id
"""  # noqa: S608


def masthead(user_id: int | None) -> tuple[Masthead, AccountView | None]:
    """The lists, and the account of ``user_id``, if somebody asks and exists."""
    reader = _Reader(user_id)
    token = _reader.set(reader)
    try:
        lists = _lists()
    finally:
        _reader.reset(token)
    return lists, reader.account or (None if user_id is None else account_view(user_id))


@memory_cache(AGE_S, tags=(MARKET_LISTS, ANNOUNCEMENTS), entries_max=1)
def _lists() -> Masthead:
    reader = _reader.get() or _Reader(None)
    row = fetch_one(_SELECT, {"user_id": reader.user_id, "now": clock.now()})
    assert row is not None
    if row[2] is not None:
        reader.account = AccountView(*row[2:])
    topics = tuple(TopicView(*one) for one in json.loads(row[0] or "[]"))
    return Masthead(topics, tuple(map(_announcement, json.loads(row[1] or "[]"))))


def _announcement(row: list[Any]) -> AnnouncementView:
    starts_at, ends_at = (_EPOCH + timedelta(microseconds=moment) for moment in row[4:])
    return AnnouncementView(row[0], row[1], row[2], Audience(row[3]), starts_at, ends_at)
