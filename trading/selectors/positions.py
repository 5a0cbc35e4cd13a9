"""What a trader owns, at current prices."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from common.money import PAYOUT_PER_LOT
from trading.selectors.rows import fetch_all

_PRICE_UNIT: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class PositionView:
    """Shares of one outcome. ``quantity`` and ``held`` lots; ``cost`` is paid less received in cash units, fees
    included; ``price`` of the outcome in 1/1,000,000 (the payout once the market is resolved)."""

    market_id: int
    market_slug: str
    question: str
    market_status: str
    outcome: int
    outcome_slug: str
    outcome_name: str
    quantity: int
    held: int
    cost: int
    price: int | None
    updated_at: datetime

    @property
    def value(self) -> int | None:
        """Cash units, rounded down."""
        return None if self.price is None else self.quantity * self.price * PAYOUT_PER_LOT // _PRICE_UNIT

    @property
    def profit(self) -> int | None:
        return None if self.value is None else self.value - self.cost

    @property
    def average_price(self) -> int | None:
        """Ticks paid per share still owned, rounded to the nearest; ``None`` when nothing net was paid."""
        return None if self.quantity == 0 or self.cost < 0 else (2 * self.cost + self.quantity) // (2 * self.quantity)

    @property
    def payout(self) -> int:
        """Cash units if this outcome wins."""
        return self.quantity * PAYOUT_PER_LOT


POSITIONS: Final = """
SELECT p.market_id, m.slug, m.question, m.status, p.outcome, o.slug, o.name, p.quantity, p.held, p.cost,
       COALESCE(m.payouts[p.outcome + 1] * 100, b.prices[p.outcome + 1]), p.updated_at
FROM trading_position p
JOIN markets_market m ON m.id = p.market_id
JOIN markets_outcome o ON o.market_id = p.market_id AND o.index = p.outcome
LEFT JOIN trading_marketbook b ON b.market_id = p.market_id
WHERE p.user_id = %(user_id)s AND p.quantity > 0
  AND (%(market_id)s::bigint IS NULL OR p.market_id = %(market_id)s)
ORDER BY p.market_id DESC, p.outcome
LIMIT %(limit)s
"""


def positions(user_id: int, *, market_id: int | None = None, limit: int = 1_000) -> list[PositionView]:
    """The trader's positions that hold shares, newest market first."""
    rows = fetch_all(POSITIONS, {"user_id": user_id, "market_id": market_id, "limit": limit})
    return [PositionView(*row) for row in rows]
