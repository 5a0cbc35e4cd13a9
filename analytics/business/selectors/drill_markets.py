"""Markets behind a figure, and what happened in one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from analytics.business.engine.measures import MEASURES, Source
from analytics.business.engine.values import value_of
from analytics.business.selectors.drill import ENDS, NEWEST, Span
from analytics.business.selectors.rows import fetch_all
from analytics.business.types import Metric
from common.paging import Page, cut, decode_cursor

_TRADES: Final = (
    ENDS
    + """
SELECT t.id, t.created_at, o.name, t.taker_side, t.price, t.quantity, t.cost, u.username, coalesce(v.username, ''),
    t.taker_fee, t.maker_fee
FROM ends e JOIN trading_trade t ON t.market_id = e.market_id AND t.id BETWEEN e.first_trade AND e.last_trade
JOIN markets_outcome o ON o.market_id = t.market_id AND o.index = t.outcome
JOIN accounts_user u ON u.id = t.taker_id LEFT JOIN accounts_user v ON v.id = t.maker_id
WHERE t.id < %(before)s ORDER BY t.id DESC LIMIT %(limit)s
"""
)
_RECORDS: Final = (
    ENDS
    + """
SELECT r.seq, r.at, r.kind, coalesce(u.username, '') FROM ends e
JOIN markets_marketevent r ON r.market_id = e.market_id AND r.seq BETWEEN e.first_seq AND e.last_seq
LEFT JOIN accounts_user u ON u.id = r.actor_id
WHERE r.seq < %(before)s AND r.kind = ANY (%(kinds)s::text[]) ORDER BY r.seq DESC LIMIT %(limit)s
"""
)


@dataclass(frozen=True, slots=True)
class MarketRow:
    market_id: int
    slug: str
    question: str
    topic: str
    value: int | float | None
    trades: int


@dataclass(frozen=True, slots=True)
class TradeRow:
    """``quantity`` lots, ``cost`` and fees cash units, ``price`` ticks; ``maker`` is empty for the maker rule."""

    id: int
    at: datetime
    outcome: str
    side: str
    price: int
    quantity: int
    cost: int
    taker: str
    maker: str
    taker_fee: int
    maker_fee: int


@dataclass(frozen=True, slots=True)
class RecordRow:
    seq: int
    at: datetime
    kind: str
    actor: str


def market_rows(metric: Metric, span: Span, *, limit: int, cursor: str | None) -> Page[MarketRow]:
    """Markets that had any of the metric in the span, by id, with what each adds (or what it is there)."""
    parts = [part for part in (*metric.numerator, *metric.denominator) if MEASURES[part].source is Source.MARKET_DAY]
    names = list(dict.fromkeys([*parts, "trades"]))
    after = decode_cursor("business-markets", cursor, (int,))[0] if cursor else 0
    having = " + ".join(f"abs(sum(f.{name}))" for name in parts or ["trades"])
    statement = f"""
SELECT f.market_id, m.slug, m.question, m.topic, {", ".join(f"sum(f.{name})::bigint" for name in names)}
FROM business_marketday f JOIN business_marketfacts m ON m.market_id = f.market_id
WHERE f.day >= %(start)s AND f.day < %(end)s AND f.market_id > %(after)s
  AND (%(topic)s = '' OR m.topic = %(topic)s)
GROUP BY 1, 2, 3, 4 HAVING {having} > 0 ORDER BY 1 LIMIT %(limit)s
"""  # noqa: S608 - names of the catalogue only
    found = fetch_all(statement, span.parameters | {"after": after, "limit": limit + 1})
    rows = []
    for market_id, slug, question, topic, *values in found:
        sums = dict(zip(names, values, strict=True))
        rows.append(MarketRow(market_id, slug, question, topic, value_of(metric, sums), sums["trades"]))
    return cut(rows, limit=limit, kind="business-markets", keys=lambda row: (row.market_id,))


def trade_rows(span: Span, *, limit: int, cursor: str | None) -> Page[TradeRow]:
    """Trades of one market, newest first."""
    before = decode_cursor("business-trades", cursor, (int,))[0] if cursor else NEWEST
    rows = [TradeRow(*row) for row in fetch_all(_TRADES, span.parameters | {"before": before, "limit": limit + 1})]
    return cut(rows, limit=limit, kind="business-trades", keys=lambda row: (row.id,))


def record_rows(span: Span, kinds: Sequence[str], *, limit: int, cursor: str | None) -> Page[RecordRow]:
    """Journal records of one market, newest first."""
    before = decode_cursor("business-records", cursor, (int,))[0] if cursor else NEWEST
    parameters = span.parameters | {"before": before, "limit": limit + 1, "kinds": list(kinds)}
    rows = [RecordRow(*row) for row in fetch_all(_RECORDS, parameters)]
    return cut(rows, limit=limit, kind="business-records", keys=lambda row: (row.seq,))
