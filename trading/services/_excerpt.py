"""The part of a market's state that one order can reach, copied.

Reason     A dry run must not touch the cached state, and copying 100,000 orders for it would be slow.
Contract   Applying the command to the excerpt gives what applying it to the state would give.
"""

from dataclasses import replace
from itertools import islice

from trading.engine.book import BookSide, RestingOrder
from trading.engine.matching import MatchPass
from trading.engine.state import Holding, MarketState, new_state
from trading.engine.sweep import SWEEP_STEPS_MAX
from trading.engine.tied import STOPS
from trading.types import OrderStatus, PlaceOrder


def excerpt(state: MarketState, command: PlaceOrder) -> MarketState:
    """Copy the orders that the command can meet; its outcome, price and quantity have been checked."""
    reach = _reach(state, command)
    small = new_state(state.rules)
    small.terms = state.terms
    small.seq, small.is_open, small.is_cancel_allowed = state.seq, state.is_open, state.is_cancel_allowed
    small.maker_quantities[:] = state.maker_quantities
    small.last_prices[:] = state.last_prices
    for book in state.books:
        for side in (book.bids, book.asks):
            for order in _first_orders(side, reach):
                small.add_order(order)
    people = {order.user_id for orders in (small.orders, state.stops.orders) for order in orders.values()}
    _copy_holdings(state, small, people | {command.user_id})
    small.places = state.places
    for order in state.stops.orders.values():
        is_due = state.stops.status_of(order.order_id) is OrderStatus.TRIGGERED
        small.add_stop(replace(order), is_due=is_due)
    if state.terms.limits_of(command.user_id) is not None:
        # Limits count orders that this one can't meet, too.
        small.owned[command.user_id] = dict(state.owned.get(command.user_id, {}))
    return small


def _reach(state: MarketState, command: PlaceOrder) -> int | None:
    """How many orders of each side it can meet; ``None`` for all, since stops that it fires may go on."""
    if state.stops.orders:
        return None
    if command.spec.type in STOPS:
        return 1
    plan = MatchPass(state, command.user_id, command.spec).run()
    # One order more than the pass took from, because it may stop at the next one.
    return 1 + len(plan.steps) + (0 if state.rules.is_binary else SWEEP_STEPS_MAX)


def _first_orders(side: BookSide, count: int | None) -> list[RestingOrder]:
    return [replace(order) for order in islice(side.orders(), count)]


def _copy_holdings(state: MarketState, small: MarketState, users: set[int]) -> None:
    for user_id in users:
        for outcome in range(state.rules.outcomes):
            holding = state.holdings.get((user_id, outcome))
            if holding is not None:
                small.holdings[user_id, outcome] = Holding(holding.quantity, holding.held)
