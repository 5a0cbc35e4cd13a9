"""What is asked of new orders beside the market's rules: limits, the price band, the post-only period.

Contract   Only refuses, or gives a market order a nearer protective price; a state without terms asks nothing, so
           replays, which have none, do what was done.
Why        The band is measured from the outcome's price just before the order: a single order can't move it
           further, and whoever goes on sees where the price is.
"""

from dataclasses import replace

from common.money import PRICE_SCALE, format_price, format_quantity
from trading.engine.pricing import PROBABILITY_SCALE, marginal_prices
from trading.engine.state import MarketState
from trading.types import RESTING, OrderSpec, OrderType, Refusal, Side

_PER_TICK = PROBABILITY_SCALE // PRICE_SCALE


def refuse_period(state: MarketState, spec: OrderSpec) -> Refusal | None:
    """After a halt only orders that rest are taken for a while."""
    if not state.terms.is_post_only or (spec.type is OrderType.LIMIT and spec.time_in_force in RESTING):
        return None
    pointer = "/type" if spec.type is not OrderType.LIMIT else "/time_in_force"
    return post_only_refusal(pointer)


def post_only_refusal(pointer: str) -> Refusal:
    detail = "After the halt this market takes only orders that rest, until post_only_until; place a limit order away."
    return Refusal("order.post_only_period", detail, pointer)


def banded(state: MarketState, spec: OrderSpec) -> OrderSpec | Refusal:
    """The spec with the band's edge as protective price of a market order; a limit price beyond it is refused."""
    band = state.terms.band
    if band is None:
        return spec
    edge = _edge(state, spec, band)
    is_beyond = spec.price is None or (spec.price > edge if spec.side is Side.BUY else spec.price < edge)
    if not is_beyond:
        return spec
    if spec.type is OrderType.MARKET:
        return replace(spec, price=edge)
    return Refusal(
        "order.price_out_of_band",
        f"The price may be at {'most' if spec.side is Side.BUY else 'least'} {format_price(edge)} now: "
        f"{format_price(band)} from the price of the outcome.",
        "/price",
        {"edge": format_price(edge), "price_band": format_price(band)},
    )


def _edge(state: MarketState, spec: OrderSpec, band: int) -> int:
    """The last price within the band, on the grid and within the range of prices."""
    tick, reference = state.rules.tick, marginal_prices(state)[spec.outcome]
    if spec.side is Side.BUY:
        edge = (reference + band * _PER_TICK) // _PER_TICK // tick * tick
    else:
        edge = -(-(reference - band * _PER_TICK) // _PER_TICK // tick) * tick
    return min(max(edge, tick), PRICE_SCALE - tick)


def refuse_limits(
    state: MarketState, user_id: int, spec: OrderSpec, *, quantity: int, is_new: bool, without: int = 0
) -> Refusal | None:
    """``quantity``: what the order is for, and still to come; ``is_new``: one more order comes to rest.

    The open order ``without`` isn't counted, because these are its new terms.
    """
    limits = state.terms.limits_of(user_id)
    if limits is None:
        return None
    field = "/quantity" if spec.cost_max is None else "/max_cost"
    if limits.order_size is not None and quantity > limits.order_size:
        detail = f"One order here may be for at most {format_quantity(limits.order_size)} shares of yours; split it."
        return _refusal("order.size_limit", detail, field, "max_order_size", format_quantity(limits.order_size))
    if is_new and limits.open_orders is not None and len(state.owned.get(user_id, ())) >= limits.open_orders:
        detail = f"You may have at most {limits.open_orders} open orders in this market; cancel one first."
        return _refusal("order.open_orders_limit", detail, "/market_id", "max_open_orders", limits.open_orders)
    if spec.side is Side.BUY:
        return refuse_position(state, user_id, spec.outcome, quantity, field=field, without=without)
    return None


def refuse_position(
    state: MarketState, user_id: int, outcome: int, quantity: int, *, field: str = "/quantity", without: int = 0
) -> Refusal | None:
    """``quantity`` more shares of the outcome, on top of those held and those that resting buys may bring."""
    limits = state.terms.limits_of(user_id)
    if limits is None or limits.position is None:
        return None
    holding = state.holdings.get((user_id, outcome))
    had = holding.quantity if holding else 0
    for order in state.owned.get(user_id, {}).values():
        spec = order.spec
        if spec.outcome == outcome and spec.side is Side.BUY and order.order_id != without:
            had += order.remaining
    if had + quantity <= limits.position:
        return None
    allowed = format_quantity(limits.position)
    detail = (
        f"You may hold at most {allowed} shares of one outcome here; {format_quantity(had)} are yours or on order, "
        "so lower the quantity."
    )
    return _refusal("order.position_limit", detail, field, "max_position", allowed)


def _refusal(code: str, detail: str, field: str, limit: str, allowed: object) -> Refusal:
    return Refusal(code, detail, field, {"limit": limit, "allowed": allowed})
