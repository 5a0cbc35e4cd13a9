"""A trader's own orders, newest first, in the view that was asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from common.paging import LIMIT_DEFAULT, Page, cut, decode_cursor
from trading.selectors.rows import fetch_all, fetch_one
from trading.types import ALIVE


@dataclass(frozen=True, slots=True)
class OrderRow:
    """``price`` ticks, quantities lots, ``cost`` (without fee), ``fee`` and holds cash units."""

    id: int
    market_id: int
    market_slug: str
    question: str
    client_order_id: str
    outcome: int
    outcome_slug: str
    outcome_name: str
    side: str
    type: str
    time_in_force: str
    price: int | None
    quantity: int
    cost_max: int | None
    proceeds_min: int | None
    post_only: bool
    reduce_only: bool
    self_trade_policy: str
    valid_until: datetime | None
    filled: int
    cost: int
    fee: int
    hold_cash: int
    hold_shares: int
    status: str
    seq: int
    created_at: datetime
    updated_at: datetime
    trigger_price: int | None
    linked_to: int | None
    group_id: int | None

    @property
    def is_open(self) -> bool:
        """It rests, or waits for its price."""
        return self.status in ALIVE

    @property
    def waits(self) -> bool:
        return self.is_open and self.status != "open"

    @property
    def is_amendable(self) -> bool:
        """It rests, and no other order depends on its terms."""
        return self.status == "open" and self.price is not None and self.linked_to is None

    @property
    def remaining(self) -> int:
        return self.quantity - self.filled if self.is_open else 0


_COLUMNS: Final = """
SELECT r.id, r.market_id, m.slug, m.question, r.client_order_id, r.outcome, o.slug, o.name, r.side, r.type,
       r.time_in_force, r.price, r.quantity, r.cost_max, r.proceeds_min, r.post_only, r.reduce_only,
       r.self_trade_policy, r.valid_until,
       r.filled, r.cost, r.fee, r.hold_cash, r.hold_shares, r.status, r.seq, r.created_at, r.updated_at,
       r.trigger_price, r.linked_to, r.group_id
FROM trading_order r
JOIN markets_market m ON m.id = r.market_id
JOIN markets_outcome o ON o.market_id = r.market_id AND o.index = r.outcome
"""
#: The order of submission ``s``: answers are kept as values, and were kept as their documents.
ANSWERED_ORDER: Final = "coalesce(s.answer::jsonb ->> 'id', s.answer::jsonb -> 1 ->> 0)::bigint"
# Constants only are joined here; every value is a bound parameter.
ORDERS: Final = (
    _COLUMNS  # noqa: S608
    + """
WHERE r.user_id = %(user_id)s AND r.id < %(before)s
  AND (%(market_id)s::bigint IS NULL OR r.market_id = %(market_id)s)
  AND (%(status)s = '' OR r.status = %(status)s OR %(status)s = 'open' AND r.status IN ('waiting', 'triggered'))
  AND (%(client_order_id)s = '' OR r.client_order_id = %(client_order_id)s AND r.id = (
      -- The key of submissions finds the order; an index of its own would cost every order something.
      SELECT """
    + ANSWERED_ORDER
    + """ FROM trading_submission s
      WHERE s.user_id = %(user_id)s AND s.client_order_id = %(client_order_id)s AND s.status < 300))
ORDER BY r.id DESC
LIMIT %(limit)s
"""
)
_ONE: Final = _COLUMNS + "WHERE r.id = %(order_id)s AND r.user_id = %(user_id)s"
_KIND: Final = "orders"
_NEWEST: Final = 2**63 - 1


def orders(
    user_id: int,
    *,
    market_id: int | None = None,
    status: str = "",
    client_order_id: str = "",
    limit: int = LIMIT_DEFAULT,
    cursor: str | None = None,
) -> Page[OrderRow]:
    """A page of the trader's orders.

    Raises: CursorInvalid
    """
    before = _NEWEST if cursor is None else decode_cursor(_KIND, cursor, (int,))[0]
    parameters = {
        "user_id": user_id,
        "market_id": market_id,
        "status": status,
        "client_order_id": client_order_id,
        "before": before,
        "limit": limit + 1,
    }
    rows = [OrderRow(*row) for row in fetch_all(ORDERS, parameters)]
    return cut(rows, limit=limit, kind=_KIND, keys=lambda row: (row.id,))


def access_order(user_id: int, order_id: int) -> OrderRow | None:
    """The order if it is this trader's, else ``None``: another's order doesn't exist for them."""
    row = fetch_one(_ONE, {"user_id": user_id, "order_id": order_id})
    return None if row is None else OrderRow(*row)


def markets_of_orders(user_id: int, order_ids: Collection[int]) -> dict[int, int]:
    """The market of each of these orders that is this trader's."""
    statement = "SELECT id, market_id FROM trading_order WHERE id = ANY(%(ids)s) AND user_id = %(user_id)s"
    return dict(fetch_all(statement, {"ids": list(order_ids), "user_id": user_id}))


def markets_with_open_orders(user_id: int) -> list[int]:
    statement = """SELECT market_id FROM trading_order WHERE user_id = %(user_id)s AND status = 'open'
        UNION SELECT market_id FROM trading_order
        WHERE user_id = %(user_id)s AND status IN ('waiting', 'triggered')"""
    return sorted(market_id for (market_id,) in fetch_all(statement, {"user_id": user_id}))


def markets_with_ended_orders(now: datetime) -> list[int]:
    """Where good-till-date orders rest whose time is over."""
    statement = """SELECT market_id FROM trading_order
        WHERE status = 'open' AND time_in_force = 'gtd' AND valid_until <= %(now)s
        UNION SELECT market_id FROM trading_order
        WHERE status IN ('waiting', 'triggered') AND time_in_force = 'gtd' AND valid_until <= %(now)s"""
    return sorted(market_id for (market_id,) in fetch_all(statement, {"now": now}))
