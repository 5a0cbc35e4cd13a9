"""A market's state from its tables, and a digest to compare states by.

Contract   ``restore`` and replaying the journal give equal digests; so do two processes at one ``seq``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from trading.engine.book import BookSide
from trading.engine.mirror import booked_outcome, booked_side, is_mirrored, other_price
from trading.engine.state import Holding, MarketRules, MarketState, RestingOrder, new_state
from trading.types import ALIVE, OrderStatus, OrderView


def restore(
    rules: MarketRules,
    orders: Iterable[OrderView],
    holdings: Mapping[tuple[int, int], tuple[int, int]],
    maker_quantities: Sequence[int],
    seq: int,
    *,
    is_open: bool = True,
    is_cancel_allowed: bool = True,
    last_prices: Sequence[int | None] | None = None,
    maker_cash: int | None = None,
    providers: Mapping[int, int] | None = None,
    priorities: Mapping[int, int] | None = None,
) -> MarketState:
    """State of a market as its tables tell it: open orders, (quantity, held) by (user, outcome).

    ``priorities`` are the places of orders that were sent to the back; the others stand by their ids.
    """
    places = priorities or {}
    state = new_state(rules)
    state.seq, state.is_open, state.is_cancel_allowed = seq, is_open, is_cancel_allowed
    state.maker_quantities[:] = maker_quantities or state.maker_quantities
    state.last_prices[:] = last_prices or state.last_prices
    state.maker_cash = state.maker_cash if maker_cash is None else maker_cash
    state.providers.update(providers or {})
    for key, (quantity, held) in holdings.items():
        if quantity or held:
            state.holdings[key] = Holding(quantity, held)
    for view in sorted(orders, key=lambda order: places.get(order.order_id, order.order_id)):
        add_open(state, view)
    state.places.update(places)
    return state


def add_open(state: MarketState, view: OrderView) -> None:
    """Put an order into its book, behind the earlier ones at its price, or let a stop wait."""
    assert view.status in ALIVE
    order = order_from_view(state.rules, view)
    if view.status is OrderStatus.OPEN:
        state.add_order(order)
    else:
        state.add_stop(order, is_due=view.status is OrderStatus.TRIGGERED)


def rest_by_number(state: MarketState, view: OrderView) -> None:
    """Put an order that has fired into its book, at the place that its number gives it at its price."""
    order = order_from_view(state.rules, view)
    later = state.later_orders(order)
    state.add_order(order)
    state.books[order.outcome].side(order.side).move_behind(order.price, later)


def order_from_view(rules: MarketRules, view: OrderView) -> RestingOrder:
    """The booked form of an order that rests or waits; the price of one that rests is never missing."""
    spec = view.spec
    assert spec.price is not None or view.status is not OrderStatus.OPEN
    return RestingOrder(
        view.order_id,
        view.user_id,
        booked_outcome(rules, spec.outcome),
        booked_side(rules, spec),
        0 if spec.price is None else other_price(spec.price, is_mirrored(rules, spec.outcome)),
        view.quantity,
        view.filled,
        view.cost,
        view.fee,
        view.hold_cash,
        view.hold_shares,
        spec,
    )


def digest(state: MarketState) -> str:
    """SHA-256 over books with orders in priority order, holdings, maker quantities and ``seq``."""
    return sha256("\n".join(_canonical_lines(state)).encode()).hexdigest()


def _canonical_lines(state: MarketState) -> Iterator[str]:
    yield f"market {state.rules.market_id} seq {state.seq}"
    yield f"maker {' '.join(map(str, state.maker_quantities))}"
    if state.providers:
        yield f"liquidity {state.rules.liquidity}"
        yield from (f"provider {user_id} {lots}" for user_id, lots in sorted(state.providers.items()))
    for outcome, book in enumerate(state.books):
        yield from _side_lines(f"bid {outcome}", book.bids)
        yield from _side_lines(f"ask {outcome}", book.asks)
    for order_id, order in sorted(state.stops.orders.items()):
        yield f"stop {_order_line(order)} {state.stops.status_of(order_id)} {order.spec.ties}"
    for (user_id, outcome), holding in sorted(state.holdings.items()):
        if holding.quantity or holding.held:
            yield f"holding {user_id} {outcome} {holding.quantity} {holding.held}"


def _side_lines(name: str, side: BookSide) -> Iterator[str]:
    for level in side.best_first():
        yield f"{name} {level.price} {level.size}"
        for order in level.orders.values():
            yield f"order {_order_line(order)}"


def _order_line(order: RestingOrder) -> str:
    return (
        f"{order.order_id} {order.user_id} {order.quantity} {order.filled} {order.cost} {order.fee} "
        f"{order.hold_cash} {order.hold_shares} {order.spec.side} {order.spec.outcome}"
    )
