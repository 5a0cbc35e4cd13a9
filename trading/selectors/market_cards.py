"""Lists of markets with what a reader wants to know at a glance.

Bound      One statement a page, whatever is asked (a second one for a search without a hit); never a count.
           Prices are 1/1,000,000, volumes cash units.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from common.paging import LIMIT_DEFAULT, Key, Page, cut, decode_cursor
from trading.selectors.rows import fetch_all

_WORDS_MAX: Final = 8
_SIMILAR: Final = 0.5
_REMOTELY_SIMILAR: Final = 0.3


class MarketSort(StrEnum):
    NEWEST = "-created_at"
    CLOSING = "closes_at"
    VOLUME_24H = "-volume_24h"
    VOLUME = "-volume"
    MOVE_24H = "-move_24h"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """One possible answer; prices are ``None`` before the first price is known."""

    index: int
    slug: str
    name: str
    price: int | None
    price_24h_ago: int | None

    @property
    def change_24h(self) -> int | None:
        return None if self.price is None or self.price_24h_ago is None else self.price - self.price_24h_ago


@dataclass(frozen=True, slots=True)
class MarketCard:
    """A market in a list. ``payouts`` in ticks per outcome once it is resolved."""

    id: int
    slug: str
    question: str
    kind: str
    status: str
    topic: str
    topic_name: str
    tags: tuple[str, ...]
    event_group: str
    created_at: datetime
    opened_at: datetime | None
    closes_at: datetime
    resolved_at: datetime | None
    payouts: tuple[int, ...] | None
    volume: int
    volume_24h: int
    trades: int
    traders: int
    last_trade_at: datetime | None
    seq: int
    outcomes: tuple[OutcomeView, ...]

    @property
    def is_binary(self) -> bool:
        return self.kind == "binary"

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    @property
    def move_24h(self) -> int:
        """How far the price that moved most did so in 24 hours, in 1/1,000,000 and without a sign."""
        return abs(self.mover.change_24h or 0)

    @property
    def mover(self) -> OutcomeView:
        """The outcome whose price moved most in 24 hours; "yes" of a binary market."""
        return self.outcomes[0] if self.is_binary else max(self.outcomes, key=lambda o: abs(o.change_24h or 0))

    @property
    def leader(self) -> OutcomeView:
        """What the card shows first: "yes" of a binary market, else the likeliest outcome."""
        return self.outcomes[0] if self.is_binary else max(self.outcomes, key=lambda o: o.price or 0)


@dataclass(frozen=True, slots=True)
class MarketFilter:
    """Which markets; an empty field doesn't filter. Drafts are listed only to ``creator_id``."""

    q: str = ""
    topic: str = ""
    status: str = ""
    tag: str = ""
    kind: str = ""
    event_group: str = ""
    series: str = ""
    creator_id: int | None = None
    created_after: datetime | None = None
    closes_before: datetime | None = None


#: Shared with ``market_detail``; in the order of the fields of ``MarketCard``.
CARD_COLUMNS: Final = """
    m.id, m.slug, m.question, m.kind, m.status, t.slug, t.name, m.tags, m.event_group,
    m.created_at, m.opened_at, m.closes_at, m.resolved_at, m.payouts,
    COALESCE(b.volume, 0), COALESCE(b.volume_24h, 0), COALESCE(b.trades, 0), COALESCE(b.traders, 0), b.last_trade_at,
    COALESCE(h.seq, 0),
    ARRAY(SELECT o.slug FROM markets_outcome o WHERE o.market_id = m.id ORDER BY o.index),
    ARRAY(SELECT o.name FROM markets_outcome o WHERE o.market_id = m.id ORDER BY o.index),
    b.prices, b.prices_24h_ago
"""
CARD_TABLES: Final = """
    markets_market m
    JOIN markets_topic t ON t.id = m.topic_id
    LEFT JOIN markets_markethead h ON h.market_id = m.id
    LEFT JOIN trading_marketbook b ON b.market_id = m.id
"""
_CARD_WIDTH: Final = 24
_TEXT: Final = "UPPER(' ' || m.question || ' ' || t.name || ' ' || array_to_string(m.tags, ' '))"
_MOVE: Final = """COALESCE((
    SELECT max(abs(c.price - c.before)) FROM unnest(b.prices, b.prices_24h_ago) AS c(price, before)), 0)"""
#: A question that begins with what was asked, then the closest text.
_RANK: Final = f"""(CASE WHEN UPPER(m.question) LIKE %(prefix)s THEN 1000000 ELSE 0 END
    + (word_similarity(%(asked)s, {_TEXT}) * 1000000)::int)"""
# Constants only are joined here; every value is a bound parameter.
_WHERE: Final = f"""
FROM {CARD_TABLES}
WHERE (%(status)s = '' OR m.status = %(status)s)
  AND (m.status <> 'draft' OR m.creator_id = %(creator_id)s)
  AND (%(creator_id)s::bigint IS NULL OR m.creator_id = %(creator_id)s)
  AND (%(topic)s = '' OR t.slug = %(topic)s)
  AND (%(tag)s = '' OR m.tags @> ARRAY[%(tag)s]::varchar[])
  AND (%(kind)s = '' OR m.kind = %(kind)s)
  AND (%(event_group)s = '' OR m.event_group = %(event_group)s)
  AND (%(series)s = '' OR m.event_group IN (
      SELECT e.name FROM markets_seriesevent e JOIN markets_series s ON s.id = e.series_id WHERE s.slug = %(series)s))
  AND (%(created_after)s::timestamptz IS NULL OR m.created_at > %(created_after)s)
  AND (%(closes_before)s::timestamptz IS NULL OR m.closes_at < %(closes_before)s)
  AND NOT EXISTS (
      SELECT FROM unnest(%(words)s::text[], %(patterns)s::text[]) AS asked(word, pattern)
      WHERE NOT ({_TEXT} LIKE asked.pattern
                 OR (length(asked.word) > 3 AND word_similarity(asked.word, {_TEXT}) >= %(similarity)s)))
"""  # noqa: S608
_ORDER: Final = {
    MarketSort.NEWEST: ("m.id < %(last)s", "m.id DESC"),
    MarketSort.CLOSING: ("(m.closes_at, m.id) > (%(last)s, %(last_id)s)", "m.closes_at, m.id"),
    MarketSort.VOLUME_24H: (
        "(COALESCE(b.volume_24h, 0), m.id) < (%(last)s, %(last_id)s)",
        "COALESCE(b.volume_24h, 0) DESC, m.id DESC",
    ),
    MarketSort.VOLUME: (
        "(COALESCE(b.volume, 0), m.id) < (%(last)s, %(last_id)s)",
        "COALESCE(b.volume, 0) DESC, m.id DESC",
    ),
    MarketSort.MOVE_24H: (f"({_MOVE}, m.id) < (%(last)s, %(last_id)s)", f"{_MOVE} DESC, m.id DESC"),
    MarketSort.RELEVANCE: (f"({_RANK}, m.id) < (%(last)s, %(last_id)s)", f"{_RANK} DESC, m.id DESC"),
}
#: With the rank as its last column where that is the order.
_SELECT: Final = {
    sort: f"SELECT {CARD_COLUMNS}{f', {_RANK}' if sort is MarketSort.RELEVANCE else ''} {_WHERE}" for sort in MarketSort
}
_FIRST_PAGE: Final = {sort: f"{_SELECT[sort]} ORDER BY {order} LIMIT %(limit)s" for sort, (_, order) in _ORDER.items()}
_NEXT_PAGE: Final = {
    sort: f"{_SELECT[sort]} AND {after} ORDER BY {order} LIMIT %(limit)s" for sort, (after, order) in _ORDER.items()
}


def market_cards(
    wanted: MarketFilter | None = None,
    *,
    sort: MarketSort = MarketSort.NEWEST,
    limit: int = LIMIT_DEFAULT,
    cursor: str | None = None,
) -> Page[MarketCard]:
    """A page of markets. ``q`` finds all its words in question, topic and tags, with typos in longer ones.

    Raises: CursorInvalid
    """
    parameters = _parameters(wanted or MarketFilter()) | {"limit": limit + 1, "similarity": _SIMILAR}
    if cursor is None:
        statement = _FIRST_PAGE[sort]
    else:
        statement = _NEXT_PAGE[sort]
        parameters |= _position(sort, cursor)
    rows = fetch_all(statement, parameters)
    if not rows and parameters["words"]:
        # Swapped letters share few trigrams, so they are looked for only when nothing else was found.
        rows = fetch_all(statement, parameters | {"similarity": _REMOTELY_SIMILAR})
    ranks = {row[0]: row[_CARD_WIDTH] for row in rows} if sort is MarketSort.RELEVANCE else {}
    cards = [card_from(row) for row in rows]
    return cut(cards, limit=limit, kind=sort.value, keys=lambda card: _keys(sort, card, ranks))


def card_from(row: tuple[Any, ...]) -> MarketCard:
    return MarketCard(*card_fields(row))


def card_fields(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The fields of ``MarketCard`` out of the columns ``CARD_COLUMNS``."""
    slugs, names, prices, prices_24h_ago = row[20:_CARD_WIDTH]
    outcomes = tuple(
        OutcomeView(index, slug, name, _item(prices, index), _item(prices_24h_ago, index))
        for index, (slug, name) in enumerate(zip(slugs, names, strict=True))
    )
    payouts = None if row[13] is None else tuple(row[13])
    return (*row[:7], tuple(row[7]), *row[8:13], payouts, *row[14:20], outcomes)


def _item(values: list[int] | None, index: int) -> int | None:
    return values[index] if values and index < len(values) else None


def _parameters(wanted: MarketFilter) -> dict[str, Any]:
    words = [word.upper() for word in re.findall(r"[^\W_]+", wanted.q)[:_WORDS_MAX]]
    return {
        "status": wanted.status,
        "topic": wanted.topic,
        "tag": wanted.tag,
        "kind": wanted.kind,
        "event_group": wanted.event_group,
        "series": wanted.series,
        "creator_id": wanted.creator_id,
        "created_after": wanted.created_after,
        "closes_before": wanted.closes_before,
        "words": words,
        "patterns": [_pattern(word) for word in words],
        "asked": " ".join(words),
        "prefix": f"{' '.join(words)}%",
    }


def _pattern(word: str) -> str:
    # A short word begins a word of the text, or "AI" would find "again".
    return f"% {word}%" if len(word) <= 3 else f"%{word}%"


def _keys(sort: MarketSort, card: MarketCard, ranks: dict[int, int]) -> tuple[Key, ...]:
    match sort:
        case MarketSort.NEWEST:
            return (card.id,)
        case MarketSort.CLOSING:
            return (card.closes_at.isoformat(), card.id)
        case MarketSort.MOVE_24H:
            return (card.move_24h, card.id)
        case MarketSort.RELEVANCE:
            return (ranks[card.id], card.id)
    return (card.volume_24h if sort is MarketSort.VOLUME_24H else card.volume, card.id)


def _position(sort: MarketSort, cursor: str) -> dict[str, Key]:
    if sort is MarketSort.NEWEST:
        return {"last": decode_cursor(sort.value, cursor, (int,))[0]}
    first = str if sort is MarketSort.CLOSING else int
    last, last_id = decode_cursor(sort.value, cursor, (first, int))
    return {"last": last, "last_id": last_id}
