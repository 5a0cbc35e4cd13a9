"""Journal records as frames of the stream.

Contract   A *tail* is a frame without its first field: rendered once, it serves every client, who each put
           ``{"sid": ...`` before it (``framed``). The shapes are those of docs/streams.md.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import orjson

from common.clock import rfc3339
from common.money import PAYOUT_PER_LOT, PRICE_SCALE, format_cash, format_price, format_quantity
from trading.realtime.levels import SIDE_NAMES, Levels
from trading.selectors.stream import StreamMarket, StreamRecord, StreamTicker
from trading.types import Fill, OrderSpec

CHECKSUM_EVERY: Final = 100
_PROBABILITY_SCALE: Final = 1_000_000


def framed(sid: int, tail: str) -> str:
    return f'{{"sid":{sid},{tail}'


def snapshot_tail(market: StreamMarket, levels: Levels, at: datetime) -> str:
    return _tail("book.snapshot", market.id, levels.seq, at, levels.document())


def delta_tail(market: StreamMarket, record: StreamRecord, checksum: int | None) -> str:
    levels = record.effects.levels if record.effects is not None else ()
    changes = [
        {
            "outcome": market.outcomes[level.outcome],
            "side": SIDE_NAMES[level.side],
            "price": format_price(level.price),
            "change": format_quantity(level.change),
        }
        for level in levels
    ]
    data: dict[str, Any] = {"changes": changes}
    if checksum is not None:
        data["checksum"] = checksum
    return _tail("book.delta", market.id, record.seq, record.at, data)


def trade_tails(market: StreamMarket, record: StreamRecord) -> Iterator[str]:
    for line, fill in enumerate(record.effects.fills if record.effects is not None else ()):
        data = {
            "line": line,
            "outcome": market.outcomes[fill.outcome],
            "side": fill.taker_side,
            "price": format_price(fill.price),
            "quantity": format_quantity(fill.quantity),
            "cost": format_cash(fill.cost),
            "kind": fill.kind,
        }
        yield _tail("trade", market.id, record.seq, record.at, data)


def lifecycle_tails(market: StreamMarket, record: StreamRecord) -> Iterator[str]:
    if record.effects is None:
        data = {key: value for key, value in record.data.items() if not isinstance(value, list | dict)}
        yield _tail("lifecycle", market.id, record.seq, record.at, {"event": record.kind, "data": data})


def ticker_tail(market: StreamMarket, ticker: StreamTicker, seq: int) -> str:
    prices = {
        slug: f"{price // _PROBABILITY_SCALE}.{price % _PROBABILITY_SCALE:06d}"
        for slug, price in zip(market.outcomes, ticker.prices, strict=False)
    }
    data = {
        "status": ticker.status,
        "prices": prices,
        "volume": format_cash(ticker.volume),
        "volume_24h": format_cash(ticker.volume_24h),
        "trades": ticker.trades,
        "traders": ticker.traders,
        "last_trade_at": None if ticker.last_trade_at is None else rfc3339(ticker.last_trade_at),
    }
    return _tail("ticker", market.id, seq, ticker.read_at, data)


def order_tails(market: StreamMarket, record: StreamRecord, user_id: int) -> Iterator[str]:
    """The trader's own orders as the record left them."""
    for order in record.effects.orders if record.effects is not None else ():
        if order.user_id == user_id:
            data = {
                "id": order.order_id,
                "outcome": market.outcomes[order.spec.outcome],
                "side": order.spec.side,
                "status": order.status,
                "price": None if order.spec.price is None else format_price(order.spec.price),
                "quantity": format_quantity(order.quantity),
                "filled": format_quantity(order.filled),
                "remaining": format_quantity(order.remaining),
                "cost": format_cash(order.cost),
                "fee": format_cash(order.fee),
            }
            yield _tail("order", market.id, record.seq, record.at, data)


def fill_tails(market: StreamMarket, record: StreamRecord, user_id: int) -> Iterator[str]:
    """The trader's own fills of the record, in the view they asked for."""
    if record.effects is None:
        return
    specs = {order.order_id: order.spec for order in record.effects.orders if order.user_id == user_id}
    for fill in record.effects.fills:
        for order_id, fee in ((fill.taker_order_id, fill.taker_fee), (fill.maker_order_id, fill.maker_fee)):
            if order_id is not None and order_id in specs:
                data = _own_fill(market, fill, order_id, specs[order_id])
                data |= {"fee": format_cash(fee), "is_taker": order_id == fill.taker_order_id}
                yield _tail("fill", market.id, record.seq, record.at, data)


def _own_fill(market: StreamMarket, fill: Fill, order_id: int, spec: OrderSpec) -> dict[str, Any]:
    is_mirrored = market.is_binary and spec.outcome == 1
    return {
        "order_id": order_id,
        "outcome": market.outcomes[spec.outcome],
        "side": spec.side,
        "price": format_price(PRICE_SCALE - fill.price if is_mirrored else fill.price),
        "quantity": format_quantity(fill.quantity),
        "cost": format_cash(fill.quantity * PAYOUT_PER_LOT - fill.cost if is_mirrored else fill.cost),
    }


def document(fields: dict[str, Any]) -> str:
    """A frame that belongs to one client."""
    return orjson.dumps(fields).decode()


def _tail(kind: str, market_id: int, seq: int, at: datetime, data: dict[str, Any]) -> str:
    fields = {"type": kind, "market_id": market_id, "seq": seq, "ts": rfc3339(at), "data": data}
    return orjson.dumps(fields).decode()[1:]
