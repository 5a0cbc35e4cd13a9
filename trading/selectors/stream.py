"""What the streams read: whole journals from a number on, and the states that a stream starts from.

Bound      One statement each, for any number of markets.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final

import orjson

from common.money import PRICE_SCALE
from trading.engine.journal import from_record
from trading.selectors.rows import fetch_all
from trading.types import Effects

#: (booked outcome, booked side, price in ticks, lots)
LevelRow = tuple[int, str, int, int]


@dataclass(frozen=True, slots=True)
class StreamMarket:
    """``outcomes`` are slugs by index."""

    id: int
    seq: int
    is_binary: bool
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class StreamRecord:
    seq: int
    kind: str
    at: datetime
    data: dict[str, Any]

    @cached_property
    def effects(self) -> Effects | None:
        """What a command changed; nothing when the record tells of the market's lifecycle."""
        # Whatever its kind: every record of a command has the command.
        return from_record(self.data) if "c" in self.data else None


_MARKETS: Final = """
SELECT m.id, h.seq, m.kind = 'binary',
       ARRAY(SELECT o.slug::text FROM markets_outcome o WHERE o.market_id = m.id ORDER BY o.index)
FROM markets_market m JOIN markets_markethead h ON h.market_id = m.id
WHERE m.id = ANY(%(ids)s) AND m.status <> 'draft'
"""
_HEADS: Final = "SELECT h.market_id, h.seq FROM markets_markethead h WHERE h.market_id = ANY(%(ids)s)"
_RECORDS: Final = """
SELECT e.seq, e.kind, e.at, e.data::text
FROM markets_marketevent e
WHERE e.market_id = %(market_id)s AND e.seq > %(after_seq)s
ORDER BY e.seq
LIMIT %(limit)s
"""
# One statement is one snapshot, so the sums belong to exactly this seq.
_LEVELS: Final = """
SELECT h.seq, l.outcome, l.side, l.price, l.size
FROM markets_markethead h
LEFT JOIN (
    SELECT r.outcome, r.side, r.price, SUM(r.quantity - r.filled)::bigint AS size
    FROM trading_order r
    WHERE r.market_id = %(market_id)s AND r.status = 'open'
    GROUP BY 1, 2, 3
) l ON TRUE
WHERE h.market_id = %(market_id)s
"""


def stream_markets(ids: Iterable[int]) -> list[StreamMarket]:
    """The markets of ``ids`` that the public can see."""
    rows = fetch_all(_MARKETS, {"ids": list(ids)})
    return [StreamMarket(market_id, seq, is_binary, tuple(slugs)) for market_id, seq, is_binary, slugs in rows]


def stream_heads(ids: Iterable[int]) -> dict[int, int]:
    """The newest ``seq`` by market."""
    return dict(fetch_all(_HEADS, {"ids": list(ids)}))


def stream_records(market_id: int, after_seq: int, limit: int) -> list[StreamRecord]:
    """The records right after ``after_seq``, in order."""
    rows = fetch_all(_RECORDS, {"market_id": market_id, "after_seq": after_seq, "limit": limit})
    return [StreamRecord(seq, kind, at, orjson.loads(data)) for seq, kind, at, data in rows]


def stream_levels(market: StreamMarket) -> tuple[int, list[LevelRow]]:
    """The booked levels of all resting orders, and the ``seq`` at which they are exact."""
    rows = fetch_all(_LEVELS, {"market_id": market.id})
    return rows[0][0], [_booked(market, row[1:]) for row in rows if row[1] is not None]


def _booked(market: StreamMarket, row: Sequence[Any]) -> LevelRow:
    outcome, side, price, size = row
    if market.is_binary and outcome == 1:
        return 0, "sell" if side == "buy" else "buy", PRICE_SCALE - price, size
    return outcome, side, price, size
