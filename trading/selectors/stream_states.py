"""What the streams tell as it stands now: tickers, candles and positions, and the traders' own names of orders.

Bound      One statement each, for any number of markets. ``seq`` and the values are of one snapshot.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trading.selectors.candles import CandleView
from trading.selectors.rows import fetch_all


@dataclass(frozen=True, slots=True)
class StreamTicker:
    """Prices in 1/1,000,000 by outcome, volumes in cash units."""

    market_id: int
    seq: int
    status: str
    prices: tuple[int, ...]
    volume: int
    volume_24h: int
    trades: int
    traders: int
    last_trade_at: datetime | None
    read_at: datetime


@dataclass(frozen=True, slots=True)
class StreamCandles:
    """``candles`` are (outcome, interval, candle); of a binary market those of "yes"."""

    market_id: int
    seq: int
    read_at: datetime
    candles: tuple[tuple[int, str, CandleView], ...]


@dataclass(frozen=True, slots=True)
class StreamPosition:
    """``holdings`` are (outcome, quantity, held, cost) in lots and cash units."""

    market_id: int
    seq: int
    read_at: datetime
    user_id: int
    holdings: tuple[tuple[int, int, int, int], ...]


_TICKERS: Final = """
SELECT m.id, h.seq, m.status, COALESCE(b.prices, '{}'), COALESCE(b.volume, 0), COALESCE(b.volume_24h, 0),
       COALESCE(b.trades, 0), COALESCE(b.traders, 0), b.last_trade_at, statement_timestamp()
FROM markets_market m
JOIN markets_markethead h ON h.market_id = m.id
LEFT JOIN trading_marketbook b ON b.market_id = m.id
WHERE m.id = ANY(%(ids)s)
"""
# From the interval that ``since`` is in; without it the newest of each kind.
_CANDLES: Final = """
SELECT h.market_id, h.seq, statement_timestamp(), c.outcome, c.interval, c.starts_at, c.open, c.high, c.low, c.close,
       c.volume, c.trades
FROM markets_markethead h
CROSS JOIN (VALUES ('1m', 'minute'), ('1h', 'hour'), ('1d', 'day')) i (name, unit)
JOIN markets_outcome o ON o.market_id = h.market_id
LEFT JOIN LATERAL (
    SELECT c.* FROM trading_candle c
    WHERE c.market_id = h.market_id AND c.outcome = o.index AND c.interval = i.name
      AND (%(since)s::timestamptz IS NULL OR c.starts_at >= date_trunc(i.unit, %(since)s::timestamptz, 'UTC'))
    ORDER BY c.starts_at DESC
    LIMIT CASE WHEN %(since)s::timestamptz IS NULL THEN 1 ELSE 1000 END
) c ON TRUE
WHERE h.market_id = ANY(%(ids)s)
ORDER BY h.market_id, c.outcome, c.interval, c.starts_at
"""
_POSITIONS: Final = """
SELECT h.market_id, h.seq, statement_timestamp(), p.user_id, p.outcome, p.quantity, p.held, p.cost
FROM markets_markethead h
LEFT JOIN trading_position p ON p.market_id = h.market_id AND p.user_id = ANY(%(users)s)
WHERE h.market_id = ANY(%(ids)s)
ORDER BY h.market_id, p.user_id, p.outcome
"""
_ORDER_NAMES: Final = "SELECT o.id, o.client_order_id FROM trading_order o WHERE o.id = ANY(%(ids)s)"


def stream_tickers(ids: Iterable[int]) -> list[StreamTicker]:
    """What the ticker of each market says now."""
    rows = fetch_all(_TICKERS, {"ids": list(ids)})
    return [
        StreamTicker(market_id, seq, status, tuple(prices), *rest) for market_id, seq, status, prices, *rest in rows
    ]


def stream_candles(ids: Iterable[int], since: datetime | None = None) -> list[StreamCandles]:
    """The candles of each market from the one of ``since`` on; without it the newest of each interval."""
    found: dict[int, StreamCandles] = {}
    for market_id, seq, read_at, outcome, interval, *values in fetch_all(_CANDLES, {"ids": list(ids), "since": since}):
        before = found.get(market_id)
        candles = before.candles if before else ()
        if outcome is not None:
            candles = (*candles, (outcome, interval, CandleView(*values)))
        found[market_id] = StreamCandles(market_id, seq, read_at, candles)
    return list(found.values())


def stream_positions(ids: Iterable[int], users: Iterable[int]) -> list[StreamPosition]:
    """What each of ``users`` owns in each market, those who own nothing included."""
    wanted = sorted(set(users))
    found: dict[tuple[int, int], StreamPosition] = {}
    for market_id, seq, read_at, user_id, *holding in fetch_all(_POSITIONS, {"ids": list(ids), "users": wanted}):
        for one in wanted:
            found.setdefault((market_id, one), StreamPosition(market_id, seq, read_at, one, ()))
        if user_id is not None:
            before = found[market_id, user_id]
            holdings = (*before.holdings, (holding[0], holding[1], holding[2], holding[3]))
            found[market_id, user_id] = StreamPosition(market_id, seq, read_at, user_id, holdings)
    return list(found.values())


def order_names(ids: Iterable[int]) -> dict[int, str]:
    """The client's own id of each order."""
    return dict(fetch_all(_ORDER_NAMES, {"ids": list(ids)}))
