"""The two views of one order: as asked, and as booked.

Contract   Both ways round the mapping is the same: side swapped, price ``10,000 - p``, cost ``payout - cost``.
           Only orders on outcome 1 of a binary market are mirrored.
"""

from common.money import PAYOUT_PER_LOT, PRICE_SCALE
from trading.engine.state import MarketRules
from trading.types import FillKind, OrderSpec, Side


def is_mirrored(rules: MarketRules, outcome: int) -> bool:
    return rules.is_binary and outcome == 1


def booked_outcome(rules: MarketRules, outcome: int) -> int:
    return 0 if rules.is_binary else outcome


def booked_side(rules: MarketRules, spec: OrderSpec) -> Side:
    return spec.side.opposite if is_mirrored(rules, spec.outcome) else spec.side


def other_price(price: int, mirrored: bool) -> int:
    return PRICE_SCALE - price if mirrored else price


def other_cost(cost: int, quantity: int, mirrored: bool) -> int:
    return quantity * PAYOUT_PER_LOT - cost if mirrored else cost


def kind_of(taker: Side, maker: Side) -> FillKind:
    """Two asked buys that meet make sets, two asked sells unmake them."""
    if taker is not maker:
        return FillKind.TRANSFER
    return FillKind.MINT if taker is Side.BUY else FillKind.MERGE
