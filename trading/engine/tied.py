"""Placing orders that wait for a price, and pairs of which one may trade.

Contract   A stop holds at placing all that it can come to cost, or the shares it sells, so that firing needs no other
           money. The two orders of a pair hold together what the dearer one needs. A refusal has changed nothing.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from common.money import PRICE_SCALE, format_price
from trading.engine.changes import Changes
from trading.engine.fees import maker_fee_bound
from trading.engine.holds import hold_cash
from trading.engine.limits import banded, refuse_limits
from trading.engine.matching import MatchPass
from trading.engine.mirror import booked_outcome, booked_side, is_mirrored, other_price
from trading.engine.pricing import PROBABILITY_SCALE, marginal_prices
from trading.engine.risk import refuse_funds, refuse_order
from trading.engine.state import NO_TERMS, MarketRules, MarketState, RestingOrder
from trading.types import RESTING, OrderSpec, OrderType, PlaceOrder, PlacePair, Refusal, Side, Ties, TimeInForce

STOPS: Final = (OrderType.STOP, OrderType.STOP_LIMIT)
_PER_TICK: Final = PROBABILITY_SCALE // PRICE_SCALE


def fired_spec(spec: OrderSpec) -> OrderSpec:
    """What a stop becomes when it fires: a market order, or a limit order that may rest."""
    if spec.type is OrderType.STOP:
        return replace(spec, type=OrderType.MARKET, time_in_force=TimeInForce.IOC)
    return replace(spec, type=OrderType.LIMIT)


def place_stop(state: MarketState, command: PlaceOrder, available: int, now: datetime) -> Changes | Refusal:
    """Let the stop wait; ``available`` cash must cover all that it can come to cost."""
    spec = command.spec
    cash, shares = _needs(state.rules, spec)
    refusal = _refuse_stop(state, command.user_id, spec, now) or refuse_funds(cash, available)
    if refusal is not None:
        return refusal
    changes = Changes(state, command)
    order = _order_of(state.rules, command.user_id, command.order_id, spec)
    changes.wait(order)
    changes.hold(order, cash, shares)
    return changes


def place_pair(state: MarketState, command: PlacePair, available: int, now: datetime) -> Changes | Refusal:
    """Let both orders rest or wait; ``available`` cash must cover the dearer one."""
    refusal = _refuse_leg(state, command.user_id, command.first, now, 0)
    refusal = refusal or _refuse_leg(state, command.user_id, command.second, now, 1) or _refuse_match(state, command)
    needs = _needs(state.rules, command.first), _needs(state.rules, command.second)
    refusal = refusal or refuse_funds(max(cash for cash, _ in needs), available)
    if refusal is not None:
        return refusal
    changes = Changes(state, command)
    is_shared = command.first.outcome == command.second.outcome
    held_cash = held_shares = 0
    for number, (spec, (cash, shares)) in enumerate(zip((command.first, command.second), needs, strict=True)):
        ties = replace(spec.ties or Ties(), linked_to=command.order_ids[1 - number])
        order = _order_of(state.rules, command.user_id, command.order_ids[number], replace(spec, ties=ties))
        if spec.type in STOPS:
            changes.wait(order)
        else:
            changes.rest(order)
        # The second holds only what the first doesn't already; whichever goes on takes over the other's.
        changes.hold(order, max(cash - held_cash, 0), max(shares - held_shares, 0))
        held_cash, held_shares = cash, shares if is_shared else 0
    return changes


def _needs(rules: MarketRules, spec: OrderSpec) -> tuple[int, int]:
    """Cash and shares that cover the order whatever happens; of a checked spec, else something harmless."""
    if spec.side is Side.SELL:
        return 0, spec.quantity or 0
    if spec.type is OrderType.LIMIT:
        return hold_cash(rules, spec.side, spec.price or 0, spec.quantity or 0), 0
    if spec.type is OrderType.STOP and spec.cost_max is not None:
        return spec.cost_max, 0
    price, quantity = spec.price or PRICE_SCALE - 1, spec.quantity or 0
    fee = maker_fee_bound(max(rules.taker_fee_bps, rules.maker_fee_bps), price, quantity)
    # What trades at once and what rests are rounded up apart, so it can be one unit more.
    return price * quantity + fee + (1 if fee else 0), 0


def _refuse_stop(state: MarketState, user_id: int, spec: OrderSpec, now: datetime) -> Refusal | None:
    if spec.type not in STOPS:
        return Refusal("order.trigger_invalid", "trigger_price goes with type stop or stop_limit.", "/trigger_price")
    if spec.time_in_force not in RESTING or spec.post_only or spec.reduce_only or spec.proceeds_min is not None:
        detail = "A stop waits with time_in_force gtc or gtd, and without post_only, reduce_only and min_proceeds."
        return Refusal("order.trigger_invalid", detail, "/time_in_force")
    refusal = _refuse_end(spec, now) or refuse_order(state, user_id, fired_spec(spec), now)
    return refusal or _refuse_trigger(state, spec) or _refuse_terms(state, user_id, spec)


def _refuse_end(spec: OrderSpec, now: datetime) -> Refusal | None:
    if spec.time_in_force is not TimeInForce.GTD:
        return None
    if spec.valid_until is None:
        return Refusal("order.expiry_invalid", "time_in_force gtd needs expires_at; give both.", "/expires_at")
    if spec.valid_until <= now:
        return Refusal("order.expired", "expires_at has passed; send the order with a later time.", "/expires_at")
    return None


def _refuse_trigger(state: MarketState, spec: OrderSpec) -> Refusal | None:
    trigger, tick = spec.ties.trigger_price if spec.ties else None, state.rules.tick
    if trigger is None:
        return Refusal("order.trigger_invalid", "A stop needs trigger_price; give the price it waits for.", _TRIGGER)
    if not 0 < trigger < PRICE_SCALE or trigger % tick:
        return Refusal(
            "order.trigger_invalid",
            f"trigger_price must be from {format_price(tick)} to {format_price(PRICE_SCALE - tick)}, "
            f"in steps of {format_price(tick)}.",
            _TRIGGER,
        )
    price, target = marginal_prices(state)[spec.outcome], trigger * _PER_TICK
    if price >= target if spec.side is Side.BUY else price <= target:
        side = "above" if spec.side is Side.BUY else "below"
        return Refusal(
            "order.would_trigger",
            f"The outcome stands at {price / PROBABILITY_SCALE:.6f} already; a {spec.side} waits {side} it. "
            "Move trigger_price, or send a limit or market order.",
            _TRIGGER,
            {"price": f"{price / PROBABILITY_SCALE:.6f}"},
        )
    return None


_TRIGGER: Final = "/trigger_price"


def _refuse_terms(state: MarketState, user_id: int, spec: OrderSpec) -> Refusal | None:
    """The limits of a new order; the band has to do with orders that trade now, but for a limit price."""
    if state.terms is NO_TERMS:
        return None
    if spec.type is OrderType.LIMIT:
        within = banded(state, spec)
        if isinstance(within, Refusal):
            return within
    return refuse_limits(state, user_id, spec, quantity=spec.quantity or 0, is_new=True)


def _refuse_leg(state: MarketState, user_id: int, spec: OrderSpec, now: datetime, number: int) -> Refusal | None:
    """The same checks as alone, and that it doesn't trade at once; pointers lead to the order."""
    if spec.type in STOPS:
        refusal = _refuse_stop(state, user_id, spec, now)
    else:
        refusal = _refuse_resting(state, user_id, spec, now)
    if refusal is None or refusal.pointer is None:
        return refusal
    return replace(refusal, pointer=f"/orders/{number}{refusal.pointer}")


def _refuse_resting(state: MarketState, user_id: int, spec: OrderSpec, now: datetime) -> Refusal | None:
    if spec.ties is not None and spec.ties.trigger_price is not None:
        return Refusal("order.trigger_invalid", "trigger_price goes with type stop or stop_limit.", _TRIGGER)
    if spec.type is not OrderType.LIMIT or spec.time_in_force not in RESTING or spec.reduce_only:
        detail = "The orders of a pair rest or wait: type limit, stop or stop_limit, gtc or gtd, not reduce_only."
        return Refusal("order.pair_invalid", detail, "/type")
    refusal = refuse_order(state, user_id, spec, now) or _refuse_terms(state, user_id, spec)
    if refusal is not None:
        return refusal
    plan = MatchPass(state, user_id, spec).run()
    if plan.steps or plan.stop:
        detail = "This order of the pair would trade at once; move its price away."
        return Refusal("order.would_trade", detail, "/price")
    return None


def _refuse_match(state: MarketState, command: PlacePair) -> Refusal | None:
    """Two resting orders that one taker could meet, or that would meet each other, aren't a pair."""
    first, second = command.first, command.second
    if first.type in STOPS or second.type in STOPS:
        return None
    rules = state.rules
    if booked_outcome(rules, first.outcome) != booked_outcome(rules, second.outcome):
        return None
    prices = {booked_side(rules, s): other_price(s.price or 0, is_mirrored(rules, s.outcome)) for s in (first, second)}
    if len(prices) == 1:
        detail = "Two limit orders on one side of a book aren't a pair, since the better price always goes first."
    elif prices[Side.BUY] >= prices[Side.SELL]:
        detail = "The two orders would trade with each other; move their prices apart."
    else:
        return None
    return Refusal("order.pair_invalid", detail, "/orders/1/price")


def _order_of(rules: MarketRules, user_id: int, order_id: int, spec: OrderSpec) -> RestingOrder:
    price = other_price(spec.price, is_mirrored(rules, spec.outcome)) if spec.price is not None else 0
    return RestingOrder(
        order_id, user_id, booked_outcome(rules, spec.outcome), booked_side(rules, spec), price,
        spec.quantity or 0, 0, 0, 0, 0, 0, spec,
    )  # fmt: skip
