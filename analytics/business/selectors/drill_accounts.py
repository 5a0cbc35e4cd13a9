"""The ledger behind a line of the comparison: days of a kind of account, then its entries.

Contract   The days of a kind sum to what the rollups say of it, the entries of a day and market to that day.
Bound      Entries are found through the first and last record of the market's day, or through the issuance account for
           what is outside of markets: a page costs the same however long the ledger is.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from analytics.business.selectors.drill import ENDS, NEWEST, Span
from analytics.business.selectors.drill_ledger import EntryRow
from analytics.business.selectors.rows import fetch_all
from common.paging import Page, cut, decode_cursor

_LAST: Final = "9999-12-31T00:00:00+00:00"
_DAYS: Final = """
SELECT f.day, f.market_id, coalesce(m.slug, ''), coalesce(m.question, 'Outside of markets'),
    sum(f.entries)::bigint, sum(f.amount)::bigint
FROM business_ledgerday f LEFT JOIN business_marketfacts m ON m.market_id = f.market_id
WHERE f.account_kind = %(account)s AND (%(transfer)s = '' OR f.transfer_kind = %(transfer)s)
  AND (f.day < %(day)s::date OR f.day = %(day)s::date AND f.market_id > %(market)s)
GROUP BY 1, 2, 3, 4 ORDER BY 1 DESC, 2 LIMIT %(limit)s
"""
_OF_MARKET: Final = (
    ENDS
    + """
SELECT n.id, t.created_at, a.kind, t.kind, n.amount, %(slug)s FROM ends e
JOIN trading_ledgertransfer t ON t.market_id = e.market_id AND t.seq BETWEEN e.first_seq AND e.last_seq
JOIN trading_ledgerentry n ON n.transfer_id = t.id JOIN trading_account a ON a.id = n.account_id
WHERE n.id < %(before)s AND a.kind = %(account)s AND (%(transfer)s = '' OR t.kind = %(transfer)s)
ORDER BY n.id DESC LIMIT %(limit)s
"""
)
_OUTSIDE: Final = """
SELECT n.id, t.created_at, a.kind, t.kind, n.amount, '' FROM trading_account i
JOIN trading_ledgerentry own ON own.account_id = i.id
JOIN trading_ledgertransfer t ON t.id = own.transfer_id AND t.market_id IS NULL
    AND t.created_at >= %(start)s::timestamptz AND t.created_at < %(end)s::timestamptz
JOIN trading_ledgerentry n ON n.transfer_id = t.id JOIN trading_account a ON a.id = n.account_id
WHERE i.kind = 'issuance' AND n.id < %(before)s AND a.kind = %(account)s
  AND (%(transfer)s = '' OR t.kind = %(transfer)s) ORDER BY n.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class AccountDay:
    """What the entries on accounts of the kind sum to, in one market on one day; market 0 is outside of markets."""

    day: date
    market_id: int
    slug: str
    question: str
    entries: int
    amount: int


def account_days(account: str, transfer: str, *, limit: int, cursor: str | None) -> Page[AccountDay]:
    """All days of the accounts of a kind, newest first; ``transfer`` empty: of every kind of transfer."""
    day, market = decode_cursor("business-account", cursor, (str, int)) if cursor else (_LAST, -1)
    parameters: dict[str, Any] = {"account": account, "transfer": transfer, "limit": limit + 1}
    found = fetch_all(_DAYS, parameters | {"day": str(day)[:10], "market": market})
    rows = [AccountDay(*row) for row in found]
    return cut(
        rows, limit=limit, kind="business-account", keys=lambda row: (f"{row.day}T00:00:00+00:00", row.market_id)
    )


def account_entries(account: str, transfer: str, span: Span, *, limit: int, cursor: str | None) -> Page[EntryRow]:
    """Entries of the span's market, or outside of markets without one; newest first."""
    before = decode_cursor("business-account-entries", cursor, (int,))[0] if cursor else NEWEST
    parameters = {"account": account, "transfer": transfer, "before": before, "limit": limit + 1}
    found = fetch_all(_OF_MARKET if span.slug else _OUTSIDE, span.parameters | parameters)
    rows = [EntryRow(*row) for row in found]
    return cut(rows, limit=limit, kind="business-account-entries", keys=lambda row: (row.id,))
