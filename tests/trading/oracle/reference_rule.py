"""The maker rule in decimal arithmetic with 30 digits, straight from its definition.

Each integer the engine arrives at is compared here with the exact value; the engine's is then used, so
that two implementations stay in step where rounding is a matter of the last digit.
"""

from collections.abc import Sequence
from decimal import Context, Decimal
from functools import cache, lru_cache

from common.money import PAYOUT_PER_LOT
from trading.engine import lmsr

CONTEXT = Context(prec=30)


def potential(q: Sequence[int], b: int) -> Decimal:
    """``b ln sum exp(q_i / b)`` in lots."""
    return _potential(tuple(q), b)


@lru_cache(maxsize=5_000)
def _potential(q: tuple[int, ...], b: int) -> Decimal:
    top = max(q)
    total = sum((CONTEXT.exp(CONTEXT.divide(Decimal(x - top), Decimal(b))) for x in q), Decimal(0))
    return CONTEXT.add(Decimal(top), CONTEXT.multiply(Decimal(b), CONTEXT.ln(total)))


def exact_cost(q: Sequence[int], b: int, outcome: int, lots: int) -> Decimal:
    """``C(q + lots) - C(q)`` in cash units."""
    after = list(q)
    after[outcome] += lots
    return CONTEXT.multiply(CONTEXT.subtract(potential(after, b), potential(q, b)), Decimal(PAYOUT_PER_LOT))


@cache
def odds_of(price: int) -> Decimal:
    return CONTEXT.ln(CONTEXT.divide(Decimal(price), Decimal(10_000 - price)))


def overcharge_max(b: int, outcomes: int) -> Decimal:
    """Two roundings up and the arithmetic error that they allow for, in cash units."""
    return 2 + Decimal(b) * PAYOUT_PER_LOT * (outcomes + 4) * Decimal(2) ** -48


class ReferenceRule:
    def __init__(self, b: int) -> None:
        self.b = b

    def lots_to_price(self, q: Sequence[int], outcome: int, price: int) -> int:
        lots = lmsr.lots_to_price(q, self.b, outcome, price)
        target = odds_of(price)
        others = [quantity for index, quantity in enumerate(q) if index != outcome]
        odds = CONTEXT.divide(CONTEXT.subtract(Decimal(q[outcome]), potential(others, self.b)), Decimal(self.b))
        exact = CONTEXT.multiply(Decimal(self.b), CONTEXT.subtract(target, odds))
        assert abs(exact) - Decimal("1.001") <= abs(lots) <= abs(exact) + Decimal("0.001")
        return lots

    def engine_cost_of_buy(self, q: Sequence[int], outcome: int, lots: int) -> int:
        return lmsr.cost_of(q, self.b, outcome, lots)

    def cost_of_buy(self, q: Sequence[int], outcome: int, lots: int) -> int:
        cost, exact = lmsr.cost_of(q, self.b, outcome, lots), exact_cost(q, self.b, outcome, lots)
        assert exact <= cost <= exact + overcharge_max(self.b, len(q))
        return cost

    def proceeds(self, q: Sequence[int], outcome: int, lots: int) -> int:
        cash, exact = -lmsr.cost_of(q, self.b, outcome, -lots), -exact_cost(q, self.b, outcome, -lots)
        assert exact - overcharge_max(self.b, len(q)) <= cash <= exact
        return cash
