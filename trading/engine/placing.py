"""Placing an order: check, match, check what it comes to, then do it.

Contract   The match pass is a plan, so a refusal at any point has changed nothing.
"""

from datetime import datetime

from trading.engine.book import RestingOrder
from trading.engine.changes import Changes
from trading.engine.execution import take_order, take_rule
from trading.engine.holds import hold_cash
from trading.engine.matching import MatchPass, Stop
from trading.engine.mirror import booked_outcome, booked_side, is_mirrored, other_price
from trading.engine.risk import refuse_funds, refuse_order
from trading.engine.state import MarketState
from trading.types import RESTING, OrderSpec, OrderStatus, OrderType, PlaceOrder, Refusal, Side, TimeInForce


def place(state: MarketState, command: PlaceOrder, available: int, now: datetime) -> Changes | Refusal:
    """Match the order and rest, fill or cancel what remains; ``available`` cash must pay for it."""
    spec = command.spec
    refusal = refuse_order(state, command.user_id, spec, now)
    if refusal is not None:
        return refusal
    plan = MatchPass(state, command.user_id, spec).run()
    rests = plan.remaining > 0 and plan.stop is None and spec.time_in_force in RESTING
    rests = rests and spec.type is OrderType.LIMIT
    hold = hold_cash(state.rules, spec.side, spec.price or 0, plan.remaining) if rests else 0
    refusal = _refuse_plan(spec, plan) or _refuse_cost(spec, plan, hold, available)
    if refusal is not None:
        return refusal
    changes = Changes(state, command)
    taker = _order_of(state, command, plan)
    changes.touch(taker, OrderStatus.CANCELLED if _is_cut_short(spec, plan) else OrderStatus.FILLED)
    _carry_out(changes, taker, plan)
    if rests:
        changes.rest(taker)
        changes.hold(taker, hold, plan.remaining if spec.side is Side.SELL else 0)
    return changes


def _is_cut_short(spec: OrderSpec, plan: MatchPass) -> bool:
    """Something asked for is left; who only named a budget asked for what it buys."""
    return plan.remaining > 0 and (plan.stop is not Stop.BUDGET or spec.quantity is not None)


def _refuse_plan(spec: OrderSpec, plan: MatchPass) -> Refusal | None:
    if spec.post_only and (plan.steps or plan.stop):
        return Refusal(
            "order.would_trade", "This order would trade at once; move the price away or drop post_only.", "/price"
        )
    if spec.time_in_force is TimeInForce.FOK and _is_cut_short(spec, plan):
        return Refusal("order.not_filled", "The whole quantity can't be filled at once within the limit.", "/quantity")
    if spec.type is OrderType.MARKET and plan.cost == 0 and plan.filled == 0:
        return _refuse_unfilled(spec, plan)
    return None


def _refuse_unfilled(spec: OrderSpec, plan: MatchPass) -> Refusal:
    if plan.stop is Stop.BUDGET:
        detail = "The maximal cost doesn't buy the smallest quantity; raise it."
        return Refusal("order.no_liquidity", detail, "/max_cost")
    detail = "Nobody trades on the other side now; place a limit order and wait."
    return Refusal("order.no_liquidity", detail, "/type" if spec.price is None else "/price")


def _refuse_cost(spec: OrderSpec, plan: MatchPass, hold: int, available: int) -> Refusal | None:
    if spec.side is Side.SELL:
        return None
    freed = sum([step.order.hold_cash for step in plan.steps if step.order is not None and step.quantity == 0])
    return refuse_funds(plan.cost + plan.fee + hold, available + freed)


def _order_of(state: MarketState, command: PlaceOrder, plan: MatchPass) -> RestingOrder:
    rules, spec = state.rules, command.spec
    assert command.order_id > 0, "the write path gives every order its id"
    assert command.order_id not in state.orders, "order ids are used once"
    return RestingOrder(
        command.order_id,
        command.user_id,
        booked_outcome(rules, spec.outcome),
        booked_side(rules, spec),
        other_price(spec.price or 0, is_mirrored(rules, spec.outcome)),
        spec.quantity if spec.quantity is not None else plan.filled,
        0,
        0,
        0,
        0,
        0,
        spec,
    )


def _carry_out(changes: Changes, taker: RestingOrder, plan: MatchPass) -> None:
    for step in plan.steps:
        if step.order is None:
            taker.filled += step.quantity
            take_rule(changes, taker, step.quantity, step.cost, step.fee)
        elif step.quantity:
            take_order(changes, taker, step.order, step)
        else:
            changes.cancel(step.order)
