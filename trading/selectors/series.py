"""Series of events: which there are, and what happens in one of them when.

Bound      A fixed number of statements, whatever the history: the event that takes place, the next ``COMING`` and a
           page of past ones come by the index of the line; of each past event ``RESULTS`` markets are shown. What
           strangers see alike is kept for a moment by each process.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from common import clock
from common.caching.memory_cache import memory_cache
from common.paging import LIMIT_DEFAULT, Page, cut, decode_cursor
from markets.types import MARKET_LISTS
from trading.selectors.market_cards import CARD_COLUMNS, CARD_TABLES, MarketCard, card_from
from trading.selectors.rows import fetch_all, fetch_one

COMING: Final = 5
RESULTS: Final = 6
KNOWN_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class SeriesView:
    id: int
    slug: str
    name: str
    description: str
    cadence: str
    creator_id: int
    creator: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """A series in a list, with how many events everybody sees, at most 99, and the end of the next one."""

    series: SeriesView
    events: int
    next_event: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class EventView:
    """``at``: when the last of its ``markets`` ends; these are counted up to 99."""

    id: int
    name: str
    at: datetime
    markets: int


_COLUMNS: Final = "s.id, s.slug, s.name, s.description, s.cadence, s.creator_id, u.username, s.created_at"
_TABLES: Final = "markets_series s JOIN accounts_user u ON u.id = s.creator_id"
#: Nobody hears of an event whose markets are drafts.
_SHOWN: Final = "EXISTS (SELECT FROM markets_market m WHERE m.event_group = e.name AND m.status <> 'draft')"
_MARKETS: Final = """(SELECT count(*) FROM (
    SELECT FROM markets_market m WHERE m.event_group = e.name AND m.status <> 'draft' LIMIT 99) c)"""
# Constants only are joined here; every value is a bound parameter.
_ONE: Final = f"SELECT {_COLUMNS} FROM {_TABLES} WHERE s.slug = %(slug)s"  # noqa: S608
_OF_IDS: Final = f"SELECT {_COLUMNS} FROM {_TABLES} WHERE s.id = ANY (%(ids)s::bigint[])"  # noqa: S608
_KNOWN: Final = f"""
SELECT {_COLUMNS} FROM {_TABLES}
WHERE EXISTS (SELECT FROM markets_seriesevent e WHERE e.series_id = s.id AND {_SHOWN})
ORDER BY s.id DESC LIMIT %(limit)s
"""  # noqa: S608
_OF_EVENT: Final = f"""
SELECT {_COLUMNS} FROM {_TABLES}
WHERE s.id = (SELECT e.series_id FROM markets_seriesevent e WHERE e.name = %(event)s)
"""  # noqa: S608
_LIST: Final = f"""
SELECT {_COLUMNS},
    (SELECT count(*) FROM (SELECT FROM markets_seriesevent e WHERE e.series_id = s.id AND {_SHOWN} LIMIT 99) c),
    n.name, n.at
FROM {_TABLES}
LEFT JOIN LATERAL (
    SELECT e.name, e.at FROM markets_seriesevent e
    WHERE e.series_id = s.id AND e.at > %(now)s AND {_SHOWN} ORDER BY e.at, e.id LIMIT 1) n ON true
WHERE (%(last)s::bigint IS NULL OR s.id < %(last)s)
ORDER BY s.id DESC LIMIT %(limit)s
"""  # noqa: S608
_EVENT: Final = f"SELECT e.id, e.name, e.at, {_MARKETS} FROM markets_seriesevent e"  # noqa: S608
_COMING: Final = f"""
{_EVENT} WHERE e.series_id = %(series_id)s AND e.at > %(now)s AND {_SHOWN} ORDER BY e.at, e.id LIMIT %(limit)s
"""
_PAST: Final = f"""
{_EVENT} WHERE e.series_id = %(series_id)s AND e.at <= %(now)s AND {_SHOWN}
    AND (%(last)s::timestamptz IS NULL OR (e.at, e.id) < (%(last)s, %(last_id)s))
ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s
"""
_PLACED: Final = f"{_EVENT} WHERE e.series_id = %(series_id)s ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s"
_RESULTS: Final = f"""
SELECT {CARD_COLUMNS}
FROM unnest(%(names)s::text[]) AS wanted(name)
CROSS JOIN LATERAL (
    SELECT of_event.id FROM markets_market of_event
    WHERE of_event.event_group = wanted.name AND of_event.status <> 'draft'
    ORDER BY of_event.closes_at, of_event.id LIMIT %(each)s) few
JOIN ({CARD_TABLES}) ON m.id = few.id
ORDER BY m.closes_at, m.id
"""  # noqa: S608


def series_of_slug(slug: str) -> SeriesView | None:
    row = fetch_one(_ONE, {"slug": slug})
    return None if row is None else SeriesView(*row)


@memory_cache(30.0, stale_s=30.0, tags=(MARKET_LISTS,), entries_max=500)
def series_of_event(event: str) -> SeriesView | None:
    """In which series an event stands."""
    row = fetch_one(_OF_EVENT, {"event": event}) if event else None
    return None if row is None else SeriesView(*row)


def series_page(*, limit: int = LIMIT_DEFAULT, cursor: str | None = None) -> Page[SeriesRow]:
    """The newest first. Raises: CursorInvalid"""
    last = None if cursor is None else decode_cursor("series", cursor, (int,))[0]
    rows = fetch_all(_LIST, {"now": clock.now(), "last": last, "limit": limit + 1})
    found = [SeriesRow(SeriesView(*row[:8]), row[8], row[9] or "", row[10]) for row in rows]
    return cut(found, limit=limit, kind="series", keys=lambda one: (one.series.id,))


@memory_cache(60.0, stale_s=60.0, tags=(MARKET_LISTS,))
def known_series() -> tuple[SeriesView, ...]:
    """The newest ``KNOWN_MAX`` that have an event which everybody sees; for searches, links and maps of the site."""
    return tuple(SeriesView(*row) for row in fetch_all(_KNOWN, {"limit": KNOWN_MAX}))


def series_of_ids(series_ids: Sequence[int]) -> dict[int, SeriesView]:
    """Those that exist, by id."""
    rows = fetch_all(_OF_IDS, {"ids": list(series_ids)}) if series_ids else []
    return {row[0]: SeriesView(*row) for row in rows}


def coming_events(series_id: int, *, limit: int = COMING) -> tuple[EventView, ...]:
    """Events that haven't ended, the first to end first."""
    rows = fetch_all(_COMING, {"series_id": series_id, "now": clock.now(), "limit": limit})
    return tuple(EventView(*row) for row in rows)


def placed_events(series_id: int, *, limit: int = LIMIT_DEFAULT) -> tuple[EventView, ...]:
    """The last to end first, those of drafts included: for who keeps the series."""
    rows = fetch_all(_PLACED, {"series_id": series_id, "limit": limit})
    return tuple(EventView(*row) for row in rows)


def past_events(series_id: int, *, limit: int = LIMIT_DEFAULT, cursor: str | None = None) -> Page[EventView]:
    """The last one first. Raises: CursorInvalid"""
    last, last_id = (None, None) if cursor is None else decode_cursor("events", cursor, (str, int))
    given: dict[str, Any] = {"series_id": series_id, "now": clock.now(), "last": last, "last_id": last_id}
    rows = [EventView(*row) for row in fetch_all(_PAST, given | {"limit": limit + 1})]
    return cut(rows, limit=limit, kind="events", keys=lambda one: (one.at.isoformat(), one.id))


def results_of(events: Sequence[EventView]) -> dict[str, tuple[MarketCard, ...]]:
    """Up to ``RESULTS`` markets of each event, by its name; the first to end first."""
    names = [one.name for one in events]
    rows = fetch_all(_RESULTS, {"names": names, "each": RESULTS}) if names else []
    cards = [card_from(row) for row in rows]
    return {name: tuple(card for card in cards if card.event_group == name) for name in names}
