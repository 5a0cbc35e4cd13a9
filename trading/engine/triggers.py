"""Stops that a trade has reached trade themselves, in the command whose trade it was.

Contract   After a command's own trades each of its trades fires the stops that its price reaches, at the trigger too;
           a trade that jumps over a trigger fires it, and the stop then trades at what the book and the maker rule
           offer. Of all that have fired the earliest order goes first; its trades may fire more. A stop trades from
           what it has held since it was placed, so no trigger can be refused for money. What a stop order can't fill
           is cancelled; what a stop-limit order can't fill rests by its number, as if it had rested since placing.
Invariant  Pure, and told by the record of that one command: replaying it fires the same stops.
Bound      TRIGGERS_MAX stops a command. Those left are ``triggered`` and go on with the market's next command.
"""

from heapq import heappop
from typing import Final

from trading.engine.changes import Changes
from trading.engine.matching import MatchPass
from trading.engine.placing import carry_out, is_cut_short
from trading.engine.reducing import trim
from trading.engine.state import RestingOrder
from trading.engine.sweep import sweep
from trading.engine.tied import fired_spec
from trading.types import OrderStatus, OrderType

TRIGGERS_MAX: Final = 100


def run_triggers(changes: Changes) -> None:
    """Fire what the command's trades have reached, and what waits for its turn; nothing fires while halted."""
    state, fills, seen, runs = changes.state, changes.effects.fills, 0, 0
    if not state.is_open:
        return
    stops = state.stops
    while True:
        for fill in fills[seen:]:
            stops.fire(fill.outcome, fill.price)
        seen = len(fills)
        order = _next_due(changes) if runs < TRIGGERS_MAX else None
        if order is None:
            break
        _run(changes, order)
        runs += 1
    for order_id in stops.due:
        if order_id in stops.orders:
            changes.touch(stops.orders[order_id], OrderStatus.TRIGGERED)


def _next_due(changes: Changes) -> RestingOrder | None:
    stops = changes.state.stops
    while stops.due:
        order = stops.orders.get(heappop(stops.due))
        if order is not None:
            return order
    return None


def _held(changes: Changes, order: RestingOrder) -> int:
    """Cash that the order has for itself, with the part that the other order of its pair holds for both."""
    other = changes.state.open_order(changes.state.links.get(order.order_id, 0))
    return order.hold_cash + (other.hold_cash if other is not None else 0)


def _run(changes: Changes, order: RestingOrder) -> None:
    """Let one stop trade, as the order that it has become."""
    state, held = changes.state, _held(changes, order)
    state.drop_stop(order)
    changes.cut_link(order)
    changes.hold(order, 0, 0)
    spec = fired_spec(order.spec)
    plan = MatchPass(state, order.user_id, spec).run()
    order.quantity = order.quantity or plan.filled
    rests = spec.type is OrderType.LIMIT and plan.remaining > 0 and plan.stop is None
    is_done = not is_cut_short(spec, plan) and plan.filled > 0
    changes.touch(order, OrderStatus.FILLED if is_done else OrderStatus.CANCELLED)
    carry_out(changes, order, plan)
    if rests:
        changes.rest_by_number(order)
        changes.reserve(order)
        assert not held or plan.cost + plan.fee + order.hold_cash <= held, "a stop holds all that it can cost"
    if state.reducing:
        trim(changes)
    sweep(changes)
