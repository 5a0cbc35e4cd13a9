"""A trader's own fills, as taker and as maker, newest first."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from common.money import PAYOUT_PER_LOT, PRICE_SCALE
from common.paging import LIMIT_DEFAULT, Page, cut, decode_cursor
from trading.selectors.rows import fetch_all


@dataclass(frozen=True, slots=True)
class FillView:
    """One fill of an order, in the view of that order: ``price`` ticks, ``quantity`` lots; ``cost`` is the cash
    paid (buy) or received (sell) without ``fee``."""

    id: int
    seq: int
    order_id: int
    market_id: int
    market_slug: str
    question: str
    outcome: int
    outcome_slug: str
    outcome_name: str
    side: str
    is_maker: bool
    price: int
    quantity: int
    cost: int
    fee: int
    created_at: datetime


# Each side has its own index; a trader can't be on both sides of one trade.
_MINE: Final = """
WITH mine AS (
    (SELECT t.*, t.taker_order_id AS order_id, FALSE AS is_maker, t.taker_fee AS fee
     FROM trading_trade t
     WHERE t.taker_id = %(user_id)s AND t.id < %(before)s
       AND (%(market_id)s::bigint IS NULL OR t.market_id = %(market_id)s)
     ORDER BY t.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT t.*, t.maker_order_id, TRUE, t.maker_fee
     FROM trading_trade t
     WHERE t.maker_id = %(user_id)s AND t.id < %(before)s
       AND (%(market_id)s::bigint IS NULL OR t.market_id = %(market_id)s)
     ORDER BY t.id DESC LIMIT %(limit)s)
)
SELECT f.id, f.seq, f.order_id, f.market_id, m.slug, m.question, r.outcome, o.slug, o.name, r.side, f.is_maker,
       f.price, f.quantity, f.cost, f.fee, f.created_at, f.outcome
FROM mine f
JOIN trading_order r ON r.id = f.order_id
JOIN markets_market m ON m.id = f.market_id
JOIN markets_outcome o ON o.market_id = f.market_id AND o.index = r.outcome
ORDER BY f.id DESC
LIMIT %(limit)s
"""
_OF_ORDER: Final = """
SELECT f.id, f.seq, r.id, f.market_id, m.slug, m.question, r.outcome, o.slug, o.name, r.side,
       f.taker_order_id <> r.id, f.price, f.quantity, f.cost,
       CASE WHEN f.taker_order_id = r.id THEN f.taker_fee ELSE f.maker_fee END, f.created_at, f.outcome
FROM trading_order r
JOIN trading_trade f ON f.taker_order_id = r.id OR f.maker_order_id = r.id
JOIN markets_market m ON m.id = f.market_id
JOIN markets_outcome o ON o.market_id = f.market_id AND o.index = r.outcome
WHERE r.id = %(order_id)s AND r.user_id = %(user_id)s
ORDER BY f.id
LIMIT 1000
"""
_KIND: Final = "fills"
_NEWEST: Final = 2**63 - 1


def fills(
    user_id: int, *, market_id: int | None = None, limit: int = LIMIT_DEFAULT, cursor: str | None = None
) -> Page[FillView]:
    """A page of the trader's fills.

    Raises: CursorInvalid
    """
    before = _NEWEST if cursor is None else decode_cursor(_KIND, cursor, (int,))[0]
    parameters = {"user_id": user_id, "market_id": market_id, "before": before, "limit": limit + 1}
    rows = [_fill(row) for row in fetch_all(_MINE, parameters)]
    return cut(rows, limit=limit, kind=_KIND, keys=lambda fill: (fill.id,))


def fills_of_order(user_id: int, order_id: int) -> list[FillView]:
    """Every fill of the trader's order, oldest first (the first 1,000)."""
    return [_fill(row) for row in fetch_all(_OF_ORDER, {"user_id": user_id, "order_id": order_id})]


def _fill(row: tuple[Any, ...]) -> FillView:
    *fields, booked_outcome = row
    view = FillView(*fields)
    if view.outcome == booked_outcome:
        return view
    # An order on "no" was mirrored into the book of "yes".
    price, cost = PRICE_SCALE - view.price, view.quantity * PAYOUT_PER_LOT - view.cost
    return replace(view, price=price, cost=cost)
