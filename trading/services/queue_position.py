"""Where an open order stands at its price."""

from dataclasses import dataclass

from trading.engine.state import MarketState
from trading.services._market_cache import cached_market
from trading.services.preview_order import current_state


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """``lots_ahead`` and ``orders_ahead`` at the same booked price, at ``seq`` of the market."""

    orders_ahead: int
    lots_ahead: int
    seq: int


def queue_position(*, market_id: int, user_id: int, order_id: int) -> QueuePosition | None:
    """What takers at its price meet before this order; ``None`` when it isn't resting.

    Of the market's state in memory, brought up to date by the records since: the cost is that of the orders at the
    price, however long the market has been traded.

    Raises: MarketNotFound
    """
    entry = cached_market(market_id)
    with entry.lock:
        state, *_ = current_state(entry, user_id)
        return _position(state, order_id)


def _position(state: MarketState, order_id: int) -> QueuePosition | None:
    order = state.orders.get(order_id)
    if order is None:
        return None
    orders = lots = 0
    for ahead in state.books[order.outcome].side(order.side).levels[order.price].orders.values():
        if ahead is order:
            break
        orders += 1
        lots += ahead.remaining
    return QueuePosition(orders, lots, state.seq)
