"""People behind a figure."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from analytics.business.selectors.drill import Span
from analytics.business.selectors.rows import fetch_all
from analytics.business.types import Metric
from common.paging import Page, cut, decode_cursor

_JOINED: Final = {"sign_ups": "joined_on", "funded_traders": "funded_on", "first_orders": "first_order_on",
                  "first_fills": "first_fill_on"}  # fmt: skip
_TRADERS: Final = """
SELECT t.user_id, t.handle, t.is_simulated, t.joined_on, coalesce(d.orders, 0), coalesce(d.fills, 0),
    coalesce(d.volume, 0), coalesce(d.fees, 0)
FROM business_trader t {join} JOIN LATERAL (
    SELECT sum(orders)::bigint AS orders, sum(taken + made)::bigint AS fills, sum(volume)::bigint AS volume,
        sum(fees)::bigint AS fees
    FROM business_traderday d WHERE d.user_id = t.user_id AND d.day >= %(start)s AND d.day < %(end)s {market}
    {having}) d ON TRUE
WHERE t.user_id > %(after)s {only} ORDER BY t.user_id LIMIT %(limit)s
"""
_OF_MARKETS: Final = """AND d.market_id IN (SELECT market_id FROM business_marketfacts
    WHERE (%(slug)s = '' OR slug = %(slug)s) AND (%(topic)s = '' OR topic = %(topic)s))"""


@dataclass(frozen=True, slots=True)
class TraderRow:
    user_id: int
    handle: str
    is_simulated: bool
    joined_on: date | None
    orders: int
    fills: int
    volume: int
    fees: int


def trader_rows(metric: Metric, span: Span, *, limit: int, cursor: str | None) -> Page[TraderRow]:
    """Who is counted: those whose first time lies in the span, or who were active in it."""
    after = decode_cursor("business-traders", cursor, (int,))[0] if cursor else 0
    column = _JOINED.get(metric.name)
    market = _OF_MARKETS if span.slug or span.topic else ""
    statement = _TRADERS.format(
        join="LEFT" if column else "",
        having="" if column else "HAVING sum(orders) > 0",
        only=f"AND t.{column} >= %(start)s AND t.{column} < %(end)s" if column else "",
        market=market,
    )
    rows = [TraderRow(*row) for row in fetch_all(statement, span.parameters | {"after": after, "limit": limit + 1})]
    return cut(rows, limit=limit, kind="business-traders", keys=lambda row: (row.user_id,))
