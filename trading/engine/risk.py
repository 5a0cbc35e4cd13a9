"""Checks of a command, cheap first and always in the same order.

Order      market open · still valid · outcome · shape of the type · price range and grid · quantity ·
           free shares of a sell · post-only period · price band · (match pass) · would trade · not filled ·
           proceeds · no liquidity · limits of size, open orders and position · funds
Contract   A check returns a ``Refusal`` or ``None`` and changes nothing.
"""

from datetime import datetime
from typing import Final

from common.money import CASH_MAX, PRICE_SCALE, QUANTITY_LOTS_MAX, format_cash, format_price, format_quantity
from trading.engine.state import MarketState
from trading.types import RESTING, OrderSpec, OrderType, Refusal, Side, TimeInForce

_MARKET_NOT_OPEN: Final = Refusal(
    "order.market_not_open", "This market isn't open for trading; look at its status, then try again."
)


def refuse_order(state: MarketState, user_id: int, spec: OrderSpec, now: datetime) -> Refusal | None:
    """Everything that can be told before the match pass."""
    if not state.is_open:
        return _MARKET_NOT_OPEN
    if spec.valid_until is not None and spec.valid_until <= now:
        name = "expires_at" if spec.time_in_force is TimeInForce.GTD else "valid_until"
        return Refusal("order.expired", f"{name} has passed; send the order with a later time.", f"/{name}")
    if not 0 <= spec.outcome < state.rules.outcomes:
        return Refusal("order.outcome_unknown", "This market has no such outcome; choose one it has.", "/outcome")
    return (
        _refuse_shape(spec)
        or refuse_price(spec, state.rules.tick)
        or _refuse_size(spec, state.rules.lot)
        or (_refuse_shares(state, user_id, spec) if spec.side is Side.SELL else None)
    )


def refuse_sets(state: MarketState, quantity: int) -> Refusal | None:
    """What making and unmaking of sets have in common."""
    return refuse_quantity(quantity, state.rules.lot) if state.is_open else _MARKET_NOT_OPEN


def refuse_closed(state: MarketState) -> Refusal | None:
    return None if state.is_open else _MARKET_NOT_OPEN


def refuse_cancel(state: MarketState) -> Refusal | None:
    return None if state.is_open or state.is_cancel_allowed else _MARKET_NOT_OPEN


def refuse_funds(required: int, available: int) -> Refusal | None:
    if required <= available:
        return None
    return Refusal(
        "order.insufficient_funds",
        f"This needs {format_cash(required)} credits and {format_cash(available)} are available; "
        "lower the quantity or the price.",
        "/quantity",
        {"available": format_cash(available), "required": format_cash(required)},
    )


def refuse_quantity(quantity: int | None, lot: int) -> Refusal | None:
    if quantity is None:
        detail = "A quantity is required; give the number of shares."
    elif not 0 < quantity <= QUANTITY_LOTS_MAX:
        detail = f"The quantity must be more than 0 and at most {format_quantity(QUANTITY_LOTS_MAX)} shares."
    elif quantity % lot:
        detail = f"The quantity must be a multiple of {format_quantity(lot)} shares."
    else:
        return None
    return Refusal("order.quantity_invalid", detail, "/quantity")


def refuse_free_shares(state: MarketState, user_id: int, outcome: int, quantity: int) -> Refusal | None:
    """``quantity`` shares of the outcome must be held by this trader and not reserved by other sells."""
    holding = state.holdings.get((user_id, outcome))
    free = holding.quantity - holding.held if holding else 0
    if free >= quantity:
        return None
    hint = "buy the other outcome instead" if state.rules.is_binary else "buy complete sets first"
    return Refusal(
        "order.insufficient_shares",
        f"You have {format_quantity(free)} free shares of this outcome and this sells {format_quantity(quantity)}; "
        f"to bet against it without shares, {hint}.",
        "/quantity",
        {"available": format_quantity(free), "required": format_quantity(quantity)},
    )


def _refuse_shape(spec: OrderSpec) -> Refusal | None:
    is_market = spec.type is OrderType.MARKET
    if spec.price is None and not is_market:
        return Refusal("order.price_required", "A limit order needs a price; give one or use type market.", "/price")
    if spec.time_in_force is TimeInForce.GTD and (is_market or spec.valid_until is None):
        detail = "time_in_force gtd needs a limit order with expires_at; give both."
        return Refusal("order.expiry_invalid", detail, "/type" if is_market else "/expires_at")
    if spec.post_only and (is_market or spec.time_in_force not in RESTING):
        detail = "post_only needs a limit order with time_in_force gtc or gtd."
        return Refusal("order.post_only_invalid", detail, "/post_only")
    if spec.cost_max is not None and not (is_market and spec.side is Side.BUY and 0 < spec.cost_max <= CASH_MAX):
        return Refusal(
            "order.cost_max_invalid", "A maximal cost goes with a market order that buys, and is above 0.", "/max_cost"
        )
    return _refuse_sell_terms(spec) if spec.reduce_only or spec.proceeds_min is not None else None


def _refuse_sell_terms(spec: OrderSpec) -> Refusal | None:
    is_sell = spec.side is Side.SELL
    if spec.reduce_only and not is_sell:
        detail = "reduce_only goes with a sell; to give up shares of the other outcome, sell those."
        return Refusal("order.reduce_only_invalid", detail, "/reduce_only")
    if spec.proceeds_min is None:
        return None
    if not (is_sell and spec.type is OrderType.MARKET and 0 < spec.proceeds_min <= CASH_MAX):
        detail = "Minimal proceeds go with a market order that sells, and are above 0."
        return Refusal("order.proceeds_min_invalid", detail, "/min_proceeds")
    return None


def refuse_price(spec: OrderSpec, tick: int) -> Refusal | None:
    if spec.price is None:
        return None
    if not 0 < spec.price < PRICE_SCALE:
        least, most = format_price(tick), format_price(PRICE_SCALE - tick)
        return Refusal("order.price_out_of_range", f"The price must be from {least} to {most}.", "/price")
    if spec.price % tick:
        return Refusal("order.price_off_grid", f"The price must be a multiple of {format_price(tick)}.", "/price")
    return None


def _refuse_size(spec: OrderSpec, lot: int) -> Refusal | None:
    if spec.quantity is None and (spec.cost_max is not None or spec.proceeds_min is not None):
        return None
    return refuse_quantity(spec.quantity, lot)


def _refuse_shares(state: MarketState, user_id: int, spec: OrderSpec) -> Refusal | None:
    if spec.reduce_only or spec.proceeds_min is not None:
        # These follow the free shares, so one lot is enough to begin with.
        return refuse_free_shares(state, user_id, spec.outcome, state.rules.lot)
    return refuse_free_shares(state, user_id, spec.outcome, spec.quantity or 0)
