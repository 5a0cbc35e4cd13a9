"""New terms for an open order: another price, more shares, or fewer.

Contract   All or nothing: a refusal leaves the order where it stands. Fewer shares at the same price keep the order's
           place and can't be refused for money. Another price or more shares send it behind everybody at its price;
           what then crosses trades at once, as a new order would, with what the order had reserved.
"""

from dataclasses import replace

from trading.engine.changes import Changes
from trading.engine.holds import hold_cash
from trading.engine.limits import banded, refuse_limits
from trading.engine.matching import MatchPass
from trading.engine.mirror import is_mirrored, other_price
from trading.engine.placing import carry_out, refuse_cost, refuse_plan
from trading.engine.reducing import reducible
from trading.engine.risk import refuse_cancel, refuse_closed, refuse_free_shares, refuse_price, refuse_quantity
from trading.engine.state import NO_TERMS, MarketState, RestingOrder
from trading.types import AmendOrder, OrderSpec, OrderStatus, Refusal, Side


def amend(state: MarketState, command: AmendOrder, available: int) -> Changes | Refusal:
    """Give the order its new terms, in place or at the back; ``available`` is beside what it has reserved."""
    refusal = refuse_cancel(state)
    if refusal is not None:
        return refusal
    order = state.orders.get(command.order_id)
    if order is None or order.user_id != command.user_id:
        return Refusal("order.not_found", "You have no open order with this number in this market.", "/order_id")
    found = _less(state, command, order)
    if isinstance(found, Refusal):
        return found
    if found:
        changes = Changes(state, command)
        changes.shrink(order, found)
        return changes
    return _moved(state, command, order, available)


def _less(state: MarketState, command: AmendOrder, order: RestingOrder) -> int | Refusal:
    """By how much the order only becomes smaller, 0 when it has to move."""
    if command.decrease is not None:
        refusal = refuse_quantity(command.decrease, state.rules.lot)
        return min(command.decrease, order.remaining) if refusal is None else _of_field(refusal, "/decrease_by")
    quantity = _wanted(state, command, order)
    refusal = refuse_quantity(quantity, state.rules.lot)
    if refusal is not None:
        return refusal
    if quantity <= order.filled:
        detail = "The order has filled that much already; ask for more than that, or cancel it."
        return Refusal("order.amend_invalid", detail, "/quantity")
    if command.price is not None and command.price != order.spec.price:
        return 0
    if quantity == order.quantity:
        field = "/price" if command.quantity is None else "/quantity"
        return Refusal("order.amend_invalid", "The order has these terms already; send a price or quantity.", field)
    return max(order.quantity - quantity, 0)


def _of_field(refusal: Refusal, field: str) -> Refusal:
    return replace(refusal, pointer=field)


def _moved(state: MarketState, command: AmendOrder, order: RestingOrder, available: int) -> Changes | Refusal:
    spec = _new_spec(state, command, order)
    refusal = refuse_closed(state) or refuse_price(spec, state.rules.tick)
    if refusal is None and spec.side is Side.SELL and not spec.reduce_only:
        refusal = refuse_free_shares(state, order.user_id, spec.outcome, (spec.quantity or 0) - order.hold_shares)
    if refusal is None:
        within = banded(state, spec)
        refusal = within if isinstance(within, Refusal) else None
    if refusal is not None:
        return refusal
    plan = MatchPass(state, order.user_id, spec).run()
    rests = plan.remaining > 0 and plan.stop is None
    hold = hold_cash(state.rules, spec.side, spec.price or 0, plan.remaining) if rests else 0
    refusal = refuse_plan(state, spec, plan) or _refuse_limits(state, order, spec)
    refusal = refusal or refuse_cost(spec, plan, hold, available + order.hold_cash)
    if refusal is not None:
        return refusal
    return _carried_out(state, command, order, plan)


def _new_spec(state: MarketState, command: AmendOrder, order: RestingOrder) -> OrderSpec:
    """The spec of what remains under the new terms."""
    price = order.spec.price if command.price is None else command.price
    return replace(order.spec, price=price, quantity=_wanted(state, command, order) - order.filled)


def _wanted(state: MarketState, command: AmendOrder, order: RestingOrder) -> int:
    """What the whole order is to be for; a reduce-only one follows the free shares."""
    quantity = order.quantity if command.quantity is None else command.quantity
    if not order.spec.reduce_only:
        return quantity
    return min(quantity, order.filled + reducible(state, order.user_id, replace(order.spec, quantity=None)))


def _refuse_limits(state: MarketState, order: RestingOrder, spec: OrderSpec) -> Refusal | None:
    if state.terms is NO_TERMS:
        return None
    return refuse_limits(state, order.user_id, spec, quantity=spec.quantity or 0, is_new=False, without=order.order_id)


def _carried_out(state: MarketState, command: AmendOrder, order: RestingOrder, plan: MatchPass) -> Changes:
    changes = Changes(state, command)
    spec, rests = plan.spec, plan.remaining > 0 and plan.stop is None
    changes.take_out(order)
    order.price = other_price(spec.price or 0, is_mirrored(state.rules, spec.outcome))
    order.quantity = order.filled + plan.filled + plan.remaining
    order.spec = replace(spec, quantity=order.quantity)
    changes.touch(order, OrderStatus.CANCELLED if plan.remaining else OrderStatus.FILLED)
    carry_out(changes, order, plan)
    if rests:
        changes.rest(order)
        changes.reserve(order)
    return changes
