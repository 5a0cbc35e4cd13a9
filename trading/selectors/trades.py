"""The public tape of a market, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from common.paging import LIMIT_DEFAULT, Page, cut, decode_cursor
from trading.selectors.rows import fetch_all


@dataclass(frozen=True, slots=True)
class TradeView:
    """One fill in the booked view (binary: of "yes"). ``price`` ticks, ``quantity`` lots, ``cost`` cash units,
    ``probability`` of the outcome afterwards in 1/1,000,000. ``maker`` is empty for the maker rule."""

    id: int
    seq: int
    kind: str
    outcome: int
    outcome_slug: str
    outcome_name: str
    taker_side: str
    price: int
    quantity: int
    cost: int
    taker: str
    is_taker_simulated: bool
    maker: str
    probability: int
    created_at: datetime


_SELECT: Final = """
SELECT t.id, t.seq, t.kind, t.outcome, o.slug, o.name, t.taker_side, t.price, t.quantity, t.cost,
       taker.username, taker.is_simulated, COALESCE(maker.username, ''), t.probability, t.created_at
FROM trading_trade t
JOIN markets_outcome o ON o.market_id = t.market_id AND o.index = t.outcome
JOIN accounts_user taker ON taker.id = t.taker_id
LEFT JOIN accounts_user maker ON maker.id = t.maker_id
WHERE t.market_id = %(market_id)s AND t.id < %(before)s
ORDER BY t.id DESC
LIMIT %(limit)s
"""
_KIND: Final = "trades"
_NEWEST: Final = 2**63 - 1


def trades(market_id: int, *, limit: int = LIMIT_DEFAULT, cursor: str | None = None) -> Page[TradeView]:
    """A page of the market's trades.

    Raises: CursorInvalid
    """
    before = _NEWEST if cursor is None else decode_cursor(_KIND, cursor, (int,))[0]
    rows = fetch_all(_SELECT, {"market_id": market_id, "before": before, "limit": limit + 1})
    return cut([TradeView(*row) for row in rows], limit=limit, kind=_KIND, keys=lambda trade: (trade.id,))
