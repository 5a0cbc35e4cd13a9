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
from markets.types import EventKind
from trading.realtime.levels import SIDE_NAMES, Levels
from trading.selectors.stream import StreamMarket, StreamRecord, StreamTicker

CHECKSUM_EVERY: Final = 100
_PROBABILITY_SCALE: Final = 1_000_000
_TRADING: Final = frozenset(
    {EventKind.ORDER_PLACED, EventKind.ORDER_CANCELLED, EventKind.SETS_MINTED, EventKind.SETS_MERGED}
)


def framed(sid: int, tail: str) -> str:
    return f'{{"sid":{sid},{tail}'


def snapshot_tail(market: StreamMarket, levels: Levels, at: datetime) -> str:
    return _tail("book.snapshot", market.id, levels.seq, at, levels.document())


def delta_tail(market: StreamMarket, record: StreamRecord, checksum: int | None) -> str:
    changes = [
        {
            "outcome": market.outcomes[outcome],
            "side": SIDE_NAMES[side],
            "price": format_price(price),
            "change": format_quantity(change),
        }
        for outcome, side, price, change in record.data.get("l", ())
    ]
    data: dict[str, Any] = {"changes": changes}
    if checksum is not None:
        data["checksum"] = checksum
    return _tail("book.delta", market.id, record.seq, record.at, data)


def trade_tails(market: StreamMarket, record: StreamRecord) -> Iterator[str]:
    for line, (kind, outcome, side, price, quantity, cost, *_) in enumerate(record.data.get("f", ())):
        data = {
            "line": line,
            "outcome": market.outcomes[outcome],
            "side": side,
            "price": format_price(price),
            "quantity": format_quantity(quantity),
            "cost": format_cash(cost),
            "kind": kind,
        }
        yield _tail("trade", market.id, record.seq, record.at, data)


def lifecycle_tails(market: StreamMarket, record: StreamRecord) -> Iterator[str]:
    if record.kind not in _TRADING:
        data = {key: value for key, value in record.data.items() if not isinstance(value, list | dict)}
        yield _tail("lifecycle", market.id, record.seq, record.at, {"event": record.kind, "data": data})


def ticker_tail(market: StreamMarket, ticker: StreamTicker) -> str:
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
    return _tail("ticker", market.id, ticker.seq, ticker.read_at, data)


def order_tails(market: StreamMarket, record: StreamRecord, user_id: int) -> Iterator[str]:
    """The trader's own orders as the record left them."""
    for order_id, owner_id, spec, quantity, filled, cost, fee, _, _, status in record.data.get("o", ()):
        if owner_id == user_id:
            data = {
                "id": order_id,
                "outcome": market.outcomes[spec[1]],
                "side": spec[2],
                "status": status,
                "price": None if spec[5] is None else format_price(spec[5]),
                "quantity": format_quantity(quantity),
                "filled": format_quantity(filled),
                "remaining": format_quantity(quantity - filled if status == "open" else 0),
                "cost": format_cash(cost),
                "fee": format_cash(fee),
            }
            yield _tail("order", market.id, record.seq, record.at, data)


def fill_tails(market: StreamMarket, record: StreamRecord, user_id: int) -> Iterator[str]:
    """The trader's own fills of the record, in the view they asked for."""
    specs = {row[0]: row[2] for row in record.data.get("o", ())}
    for _, _, _, price, quantity, cost, taker_order, taker, taker_fee, maker_order, maker, maker_fee in record.data.get(
        "f", ()
    ):
        for order_id, owner_id, fee, is_taker in (
            (taker_order, taker, taker_fee, True),
            (maker_order, maker, maker_fee, False),
        ):
            if owner_id == user_id and order_id in specs:
                outcome, side = specs[order_id][1], specs[order_id][2]
                is_mirrored = market.is_binary and outcome == 1
                data = {
                    "order_id": order_id,
                    "outcome": market.outcomes[outcome],
                    "side": side,
                    "price": format_price(PRICE_SCALE - price if is_mirrored else price),
                    "quantity": format_quantity(quantity),
                    "cost": format_cash(quantity * PAYOUT_PER_LOT - cost if is_mirrored else cost),
                    "fee": format_cash(fee),
                    "is_taker": is_taker,
                }
                yield _tail("fill", market.id, record.seq, record.at, data)


def document(fields: dict[str, Any]) -> str:
    """A frame that belongs to one client."""
    return orjson.dumps(fields).decode()


def _tail(kind: str, market_id: int, seq: int, at: datetime, data: dict[str, Any]) -> str:
    fields = {"type": kind, "market_id": market_id, "seq": seq, "ts": rfc3339(at), "data": data}
    return orjson.dumps(fields).decode()[1:]
