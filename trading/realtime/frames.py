"""Journal records as frames of the stream.

Contract   A *tail* is a frame without its first fields: rendered once, it serves every client, who each put
           ``{"sid": ...`` before it (``framed``). The data is that of ``shapes``.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, cast

import orjson

from common.clock import rfc3339
from common.money import format_cash, format_price, format_quantity
from markets.types import EventKind, MarketStatus
from trading.realtime.levels import SIDE_NAMES, Levels
from trading.realtime.shapes import BookChange, BookDelta, Candle, Gap, Interval, Lifecycle, Ticker, Trade
from trading.selectors.stream import StreamMarket, StreamRecord
from trading.selectors.stream_states import StreamCandles, StreamTicker

CHECKSUM_EVERY: Final = 100
_GAP: Final = (
    "What came after after_seq, up to seq, is not sent. Take a snapshot: the book comes by itself, of your own read "
    "GET /api/v1/orders, /api/v1/fills and /api/v1/positions."
)
_PROBABILITY_SCALE: Final = 1_000_000


def framed(sid: int, tail: str) -> str:
    return f'{{"sid":{sid},{tail}'


def framed_own(sid: int, account_seq: int, tail: str) -> str:
    """A frame of a private channel, or the tick of somebody who may have some."""
    if not sid:
        return f'{{"account_seq":{account_seq},{tail}'
    return f'{{"sid":{sid},"account_seq":{account_seq},{tail}'


def snapshot_tail(market: StreamMarket, levels: Levels, at: datetime) -> str:
    return tail_of("book.snapshot", market.id, levels.seq, at, levels.document())


def gap_tail(market: StreamMarket, after_seq: int, seq: int, at: datetime) -> str:
    """What came between isn't sent: whoever keeps something of their own has to read it anew."""
    return tail_of("gap", market.id, seq, at, Gap(after_seq=after_seq, detail=_GAP))


def delta_tail(market: StreamMarket, record: StreamRecord, checksum: int | None) -> str:
    levels = record.effects.levels if record.effects is not None else ()
    changes: list[BookChange] = [
        {
            "outcome": market.outcomes[level.outcome],
            "side": SIDE_NAMES[level.side],
            "price": format_price(level.price),
            "change": format_quantity(level.change),
        }
        for level in levels
    ]
    data: BookDelta = {"changes": changes}
    if checksum is not None:
        data["checksum"] = checksum
    return tail_of("book.delta", market.id, record.seq, record.at, data)


def trade_tails(market: StreamMarket, record: StreamRecord) -> Iterator[str]:
    for line, fill in enumerate(record.effects.fills if record.effects is not None else ()):
        data: Trade = {
            "line": line,
            "outcome": market.outcomes[fill.outcome],
            "side": fill.taker_side,
            "price": format_price(fill.price),
            "quantity": format_quantity(fill.quantity),
            "cost": format_cash(fill.cost),
            "kind": fill.kind,
        }
        yield tail_of("trade", market.id, record.seq, record.at, data)


def lifecycle_tails(market: StreamMarket, record: StreamRecord) -> Iterator[str]:
    if record.effects is None:
        told = {key: value for key, value in record.data.items() if not isinstance(value, list | dict)}
        data: Lifecycle = {"event": EventKind(record.kind), "data": told}
        yield tail_of("lifecycle", market.id, record.seq, record.at, data)


def ticker_tail(market: StreamMarket, ticker: StreamTicker, seq: int) -> str:
    data: Ticker = {
        "status": MarketStatus(ticker.status),
        "prices": {slug: _probability(price) for slug, price in zip(market.outcomes, ticker.prices, strict=False)},
        "volume": format_cash(ticker.volume),
        "volume_24h": format_cash(ticker.volume_24h),
        "trades": ticker.trades,
        "traders": ticker.traders,
        "last_trade_at": None if ticker.last_trade_at is None else rfc3339(ticker.last_trade_at),
    }
    return tail_of("ticker", market.id, seq, ticker.read_at, data)


def candle_tails(market: StreamMarket, read: StreamCandles, seq: int) -> Iterator[tuple[tuple[int, str], str]]:
    """Each with the outcome and interval that it is of."""
    for outcome, interval, candle in read.candles:
        data: Candle = {
            "outcome": market.outcomes[outcome],
            "interval": cast("Interval", interval),
            "starts_at": rfc3339(candle.starts_at),
            "open": _probability(candle.open),
            "high": _probability(candle.high),
            "low": _probability(candle.low),
            "close": _probability(candle.close),
            "volume": format_cash(candle.volume),
            "trades": candle.trades,
        }
        yield (outcome, interval), tail_of("candle", market.id, seq, read.read_at, data)


def document(fields: dict[str, Any]) -> str:
    """A frame that belongs to one client."""
    return orjson.dumps(fields).decode()


def tail_of(kind: str, market_id: int, seq: int, at: datetime, data: Any) -> str:
    """The frame of ``data``, which is the kind's shape."""
    fields = {"type": kind, "market_id": market_id, "seq": seq, "ts": rfc3339(at), "data": data}
    return orjson.dumps(fields).decode()[1:]


def _probability(micro: int) -> str:
    return f"{micro // _PROBABILITY_SCALE}.{micro % _PROBABILITY_SCALE:06d}"
