"""What a resting order reserves.

Contract   A buy holds its price times what remains plus the most that can still fall due as maker fee;
           a sell holds the shares that remain. After any fill the hold is that of the remainder, so the
           release pays the fill to the unit.
"""

from trading.engine.book import RestingOrder
from trading.engine.fees import maker_fee_bound
from trading.engine.state import MarketRules
from trading.types import Side


def hold_cash(rules: MarketRules, side: Side, price: int, remaining: int) -> int:
    """Cash reserved; side and price as asked."""
    if side is Side.SELL:
        return 0
    return price * remaining + maker_fee_bound(rules.maker_fee_bps, price, remaining)


def fee_of_resting(rules: MarketRules, order: RestingOrder, quantity: int) -> int:
    """Maker fee due when ``quantity`` of what remains is filled."""
    bps = rules.maker_fee_bps
    if not bps:
        return 0
    remaining = order.remaining
    return maker_fee_bound(bps, order.price, remaining) - maker_fee_bound(bps, order.price, remaining - quantity)
