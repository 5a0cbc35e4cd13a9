"""The maker rule of a market and a trader's part of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from common.money import PAYOUT_PER_LOT
from trading.engine.pricing import PROBABILITY_SCALE
from trading.selectors.rows import fetch_one


@dataclass(frozen=True, slots=True)
class LiquidityView:
    """Lots of b: ``total`` of the rule, ``added`` of it by traders, ``own`` of this trader. ``cash`` of the rule and
    ``cost`` (paid less received) in cash units; ``worth`` what the rule owns at present prices."""

    market_id: int
    seq: int
    total: int
    added: int
    own: int
    cost: int
    worth: int

    @property
    def value(self) -> int:
        """What the trader's part is worth at present prices, cash units, rounded down."""
        return self.worth * self.own // self.total if self.own else 0

    @property
    def profit(self) -> int:
        return self.value - self.cost


LIQUIDITY: Final = """
SELECT m.id, h.seq, m.liquidity_lots, COALESCE(b.added_liquidity, 0), COALESCE(p.quantity, 0), COALESCE(p.cost, 0),
    COALESCE(a.cash, 0), COALESCE(b.maker_quantities, '{}'), COALESCE(b.prices, '{}')
FROM markets_market m
JOIN markets_markethead h ON h.market_id = m.id
LEFT JOIN trading_marketbook b ON b.market_id = m.id
LEFT JOIN trading_account a ON a.market_id = m.id AND a.kind = 'maker'
LEFT JOIN trading_provision p ON p.market_id = m.id AND p.user_id = %(user_id)s
WHERE m.id = %(market_id)s
"""
LIQUIDITY_COLUMNS: Final = 9


def liquidity_view(market_id: int, user_id: int | None) -> LiquidityView | None:
    """The rule and what ``user_id`` provides of it, or ``None`` when there is no such market."""
    row = fetch_one(LIQUIDITY, {"market_id": market_id, "user_id": user_id})
    return None if row is None else liquidity_of(row)


def liquidity_of(row: Sequence[Any]) -> LiquidityView:
    """Of a row of ``LIQUIDITY``."""
    number, seq, subsidised, added, own, cost, cash, sold, prices = row
    top = max(sold, default=0)
    shares = sum((top - lots) * price for lots, price in zip(sold, prices, strict=False))
    worth = cash + shares * PAYOUT_PER_LOT // PROBABILITY_SCALE
    return LiquidityView(number, seq, subsidised + added, added, own, cost, worth)
