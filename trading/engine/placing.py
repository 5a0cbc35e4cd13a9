"""Placing an order: check, match, check what it comes to, then do it.

Contract   The match pass is a plan, so a refusal at any point has changed nothing.
"""

from dataclasses import replace
from datetime import datetime

from common.money import format_cash
from trading.engine.book import RestingOrder
from trading.engine.changes import Changes
from trading.engine.execution import take_order, take_rule
from trading.engine.holds import hold_cash
from trading.engine.limits import banded, post_only_refusal, refuse_limits, refuse_period
from trading.engine.matching import MatchPass, Stop
from trading.engine.mirror import booked_outcome, booked_side, is_mirrored, other_price
from trading.engine.risk import refuse_funds, refuse_order
from trading.engine.state import NO_TERMS, MarketState
from trading.types import RESTING, OrderSpec, OrderStatus, OrderType, PlaceOrder, Refusal, Side, TimeInForce


def place(state: MarketState, command: PlaceOrder, available: int, now: datetime) -> Changes | Refusal:
    """Match the order and rest, fill or cancel what remains; ``available`` cash must pay for it."""
    spec = command.spec
    refusal = refuse_order(state, command.user_id, spec, now)
    if refusal is not None:
        return refusal
    if state.terms is not NO_TERMS:
        within = refuse_period(state, spec) or banded(state, spec)
        if isinstance(within, Refusal):
            return within
        if within is not spec:
            # The record tells what was done, so that a replay needs no band.
            spec, command = within, replace(command, spec=within)
    plan = MatchPass(state, command.user_id, spec).run()
    rests = plan.remaining > 0 and plan.stop is None and spec.time_in_force in RESTING
    rests = rests and spec.type is OrderType.LIMIT
    hold = hold_cash(state.rules, spec.side, spec.price or 0, plan.remaining) if rests else 0
    refusal = refuse_plan(state, spec, plan)
    if refusal is None and state.terms is not NO_TERMS:
        quantity = plan.filled if spec.quantity is None else spec.quantity
        refusal = refuse_limits(state, command.user_id, spec, quantity=quantity, is_new=rests)
    refusal = refusal or refuse_cost(spec, plan, hold, available)
    if refusal is not None:
        return refusal
    changes = Changes(state, command)
    taker = _order_of(state, command, plan)
    changes.touch(taker, OrderStatus.CANCELLED if is_cut_short(spec, plan) else OrderStatus.FILLED)
    carry_out(changes, taker, plan)
    if rests:
        changes.rest(taker)
        changes.hold(taker, hold, plan.remaining if spec.side is Side.SELL and not spec.reduce_only else 0)
    return changes


def is_cut_short(spec: OrderSpec, plan: MatchPass) -> bool:
    """Something asked for is left; who only named a budget asked for what it buys, or proceeds for what it takes."""
    if plan.remaining == 0 or plan.stop is Stop.PROCEEDS:
        return False
    return plan.stop is not Stop.BUDGET or spec.quantity is not None


def refuse_plan(state: MarketState, spec: OrderSpec, plan: MatchPass) -> Refusal | None:
    if (spec.post_only or state.terms.is_post_only) and (plan.steps or plan.stop):
        if not spec.post_only:
            return post_only_refusal("/price")
        return Refusal(
            "order.would_trade", "This order would trade at once; move the price away or drop post_only.", "/price"
        )
    if spec.time_in_force is TimeInForce.FOK and is_cut_short(spec, plan):
        return Refusal("order.not_filled", "The whole quantity can't be filled at once within the limit.", "/quantity")
    if spec.proceeds_min is not None and plan.stop is not Stop.PROCEEDS:
        return _refuse_proceeds(plan)
    if spec.type is OrderType.MARKET and plan.cost == 0 and plan.filled == 0:
        return _refuse_unfilled(spec, plan)
    return None


def _refuse_proceeds(plan: MatchPass) -> Refusal:
    brought = format_cash(plan.cost - plan.fee)
    detail = f"All that can be sold now brings {brought} credits; ask for less or sell by quantity."
    return Refusal("order.proceeds_not_reached", detail, "/min_proceeds", {"proceeds": brought})


def _refuse_unfilled(spec: OrderSpec, plan: MatchPass) -> Refusal:
    if plan.stop is Stop.BUDGET:
        detail = "The maximal cost doesn't buy the smallest quantity; raise it."
        return Refusal("order.no_liquidity", detail, "/max_cost")
    detail = "Nobody trades on the other side now; place a limit order and wait."
    return Refusal("order.no_liquidity", detail, "/type" if spec.price is None else "/price")


def refuse_cost(spec: OrderSpec, plan: MatchPass, hold: int, available: int) -> Refusal | None:
    if spec.side is Side.SELL:
        return None
    freed = sum([step.order.hold_cash for step in plan.steps if step.order is not None and step.quantity == 0])
    return refuse_funds(plan.cost + plan.fee + hold, available + freed)


def _order_of(state: MarketState, command: PlaceOrder, plan: MatchPass) -> RestingOrder:
    rules, spec = state.rules, command.spec
    quantity = _quantity_of(spec, plan)
    if spec.reduce_only and spec.quantity != quantity:
        spec = replace(spec, quantity=quantity)
    assert command.order_id > 0, "the write path gives every order its id"
    assert command.order_id not in state.orders, "order ids are used once"
    return RestingOrder(
        command.order_id,
        command.user_id,
        booked_outcome(rules, spec.outcome),
        booked_side(rules, spec),
        other_price(spec.price or 0, is_mirrored(rules, spec.outcome)),
        quantity,
        0,
        0,
        0,
        0,
        0,
        spec,
    )


def _quantity_of(spec: OrderSpec, plan: MatchPass) -> int:
    """What the order turns out to be for."""
    if spec.proceeds_min is not None or spec.quantity is None:
        return plan.filled
    return plan.filled + plan.remaining if spec.reduce_only else spec.quantity


def carry_out(changes: Changes, taker: RestingOrder, plan: MatchPass) -> None:
    for step in plan.steps:
        if step.order is None:
            taker.filled += step.quantity
            take_rule(changes, taker, step.quantity, step.cost, step.fee)
        elif step.quantity:
            take_order(changes, taker, step.order, step)
        else:
            changes.cancel(step.order)
