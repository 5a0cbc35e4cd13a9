"""What a journal record tells one trader of their own: orders, fills, what they own, and notices."""

from collections.abc import Iterator, Mapping
from typing import Final

from common.clock import rfc3339
from common.money import PAYOUT_PER_LOT, PRICE_SCALE, format_cash, format_price, format_quantity
from markets.types import EventKind
from trading.realtime.frames import tail_of
from trading.realtime.shapes import NoticeCode, OwnFill, OwnHolding, OwnNotice, OwnOrder, OwnPosition
from trading.selectors.stream import StreamMarket, StreamRecord
from trading.selectors.stream_states import StreamPosition
from trading.types import CancelOrder, Fill, OrderStatus, OrderView, PlaceOrder, PlacePair, Ties, TimeInForce

#: Client order ids by order id.
Names = Mapping[int, str]

_EVENTS: Final[dict[str, tuple[NoticeCode, str]]] = {
    EventKind.HALTED: ("market_halted", "Trading is halted. Open orders can be cancelled."),
    EventKind.RESUMED: ("market_resumed", "Trading goes on."),
    EventKind.CLOSED: ("market_closed", "Trading is over. Open orders are being cancelled."),
    EventKind.RESOLVED: ("market_resolved", "The outcome is decided. Positions are being paid out."),
    EventKind.VOIDED: ("market_voided", "The market is void. What was paid is being given back."),
    EventKind.SETTLEMENT_UNDONE: (
        "settlement_undone",
        "The settlement was undone: what was paid has been taken back, and the shares are yours again.",
    ),
    EventKind.SETTLED: ("market_settled", "Positions are paid out; see the ledger."),
}


def own_tails(channel: str, market: StreamMarket, record: StreamRecord, user_id: int, names: Names) -> Iterator[str]:
    """The frames of a private channel."""
    if channel == "orders":
        return order_tails(market, record, user_id, names)
    if channel == "fills":
        return fill_tails(market, record, user_id, names)
    return notice_tails(market, record, user_id, names)


def order_tails(market: StreamMarket, record: StreamRecord, user_id: int, names: Names) -> Iterator[str]:
    """The trader's own orders as the record left them."""
    for order in own_orders(record, user_id):
        spec, ties = order.spec, order.spec.ties or Ties()
        data: OwnOrder = {
            "id": order.order_id,
            "client_order_id": names.get(order.order_id, ""),
            "outcome": market.outcomes[spec.outcome],
            "side": spec.side,
            "type": spec.type,
            "time_in_force": spec.time_in_force,
            "status": order.status,
            "price": None if spec.price is None else format_price(spec.price),
            "trigger_price": None if ties.trigger_price is None else format_price(ties.trigger_price),
            "post_only": spec.post_only,
            "reduce_only": spec.reduce_only,
            "linked_order_id": ties.linked_to,
            "order_group_id": ties.group_id,
            "quantity": format_quantity(order.quantity),
            "filled": format_quantity(order.filled),
            "remaining": format_quantity(order.remaining),
            "average_price": _average_price(order),
            "cost": format_cash(order.cost),
            "fee": format_cash(order.fee),
        }
        yield tail_of("order", market.id, record.seq, record.at, data)


def own_orders(record: StreamRecord, user_id: int) -> list[OrderView]:
    effects = record.effects
    return [] if effects is None else [order for order in effects.orders if order.user_id == user_id]


def fill_tails(market: StreamMarket, record: StreamRecord, user_id: int, names: Names) -> Iterator[str]:
    """The trader's own fills of the record, in the view they asked for."""
    orders = {order.order_id: order for order in own_orders(record, user_id)}
    for line, fill in enumerate(record.effects.fills if record.effects is not None and orders else ()):
        for order_id, fee in ((fill.taker_order_id, fill.taker_fee), (fill.maker_order_id, fill.maker_fee)):
            if order_id is not None and order_id in orders:
                data = _own_fill(market, fill, orders[order_id], fee)
                data["line"], data["client_order_id"] = line, names.get(order_id, "")
                yield tail_of("fill", market.id, record.seq, record.at, data)


def _own_fill(market: StreamMarket, fill: Fill, order: OrderView, fee: int) -> OwnFill:
    spec = order.spec
    is_mirrored = market.is_binary and spec.outcome == 1
    cost = fill.quantity * PAYOUT_PER_LOT - fill.cost if is_mirrored else fill.cost
    return {
        "line": 0,
        "order_id": order.order_id,
        "client_order_id": "",
        "outcome": market.outcomes[spec.outcome],
        "side": spec.side,
        "price": format_price(PRICE_SCALE - fill.price if is_mirrored else fill.price),
        "quantity": format_quantity(fill.quantity),
        "cost": format_cash(cost),
        "fee": format_cash(fee),
        "is_taker": order.order_id == fill.taker_order_id,
    }


def notice_tails(market: StreamMarket, record: StreamRecord, user_id: int, names: Names) -> Iterator[str]:
    """What happened to the trader's orders and to the market without their doing."""
    if record.effects is None and record.kind in _EVENTS:
        code, detail = _EVENTS[record.kind]
        yield tail_of("notice", market.id, record.seq, record.at, OwnNotice(code=code, detail=detail))
    for order in own_orders(record, user_id):
        if order.status is OrderStatus.CANCELLED and not _is_new(record, order):
            data = OwnNotice(code="order_cancelled", detail=_cancelled(record, order))
            data["order_id"], data["client_order_id"] = order.order_id, names.get(order.order_id, "")
            yield tail_of("notice", market.id, record.seq, record.at, data)


def _is_new(record: StreamRecord, order: OrderView) -> bool:
    """Whoever placed it got the answer."""
    command = record.effects.command if record.effects is not None else None
    if isinstance(command, PlacePair):
        return order.order_id in command.order_ids
    return isinstance(command, PlaceOrder) and command.order_id == order.order_id


def _cancelled(record: StreamRecord, order: OrderView) -> str:
    return f"Order {order.order_id} rests no longer, {format_quantity(order.filled)} filled. {_why(record, order)}"


def _why(record: StreamRecord, order: OrderView) -> str:
    spec, command = order.spec, record.effects.command if record.effects is not None else None
    until = spec.valid_until if spec.time_in_force is TimeInForce.GTD else None
    if until is not None and until <= record.at:
        return f"It was good until {rfc3339(until)}."
    if isinstance(command, CancelOrder) and command.order_id == order.order_id:
        return "You cancelled it, or the market's end, its group's fuse or your heartbeat did."
    if spec.ties is not None and spec.ties.linked_to is not None:
        return "The other order of its pair traded or ended."
    if isinstance(command, PlaceOrder | PlacePair) and command.user_id == order.user_id:
        return "It gave way to another order of yours, which would have traded with it."
    return "What it needed is no longer there."


def position_tail(market: StreamMarket, position: StreamPosition, seq: int) -> str:
    holdings = [_holding(market, *holding) for holding in position.holdings]
    return tail_of("position", market.id, seq, position.read_at, OwnPosition(holdings=holdings))


def _holding(market: StreamMarket, outcome: int, quantity: int, held: int, cost: int) -> OwnHolding:
    average = None if quantity == 0 or cost < 0 else (2 * cost + quantity) // (2 * quantity)
    return {
        "outcome": market.outcomes[outcome],
        "quantity": format_quantity(quantity),
        "held": format_quantity(held),
        "cost": format_cash(cost),
        "average_price": None if average is None else format_price(average),
    }


def _average_price(order: OrderView) -> str | None:
    """Four to six places, as in the API's orders."""
    if not order.filled:
        return None
    micro = (200 * order.cost + order.filled) // (2 * order.filled)
    text = f"{micro // 1_000_000}.{micro % 1_000_000:06d}"
    return text[:-2] + text[-2:].rstrip("0")
