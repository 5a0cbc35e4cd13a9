"""Ledger entries behind a figure of finance, and the markets that were settled."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from analytics.business.selectors.drill import ENDS, NEWEST, Span
from analytics.business.selectors.rows import fetch_all
from analytics.business.types import Metric
from common.paging import Page, cut, decode_cursor

#: Which entries make up a figure of finance, by the kind of account and of transfer.
ENTRIES: Final = {
    "fee_revenue": (("fees",), ("trade", "void")),
    "fee_yield": (("fees",), ("trade", "void")),
    "fees_refunded": (("fees",), ("void",)),
    "granted": (("wallet",), ("grant",)),
    "subsidies_paid": (("issuance",), ("subsidy",)),
    "subsidies_returned": (("issuance",), ("subsidy",)),
    "paid_out": (("wallet",), ("settlement", "void")),
}
_LEDGER_DAYS: Final = """
SELECT f.day, f.market_id, coalesce(m.slug, ''), coalesce(m.question, 'Outside of markets'), sum({amount})::bigint,
    sum(f.entries)::bigint
FROM business_ledgerday f LEFT JOIN business_marketfacts m ON m.market_id = f.market_id
WHERE f.day >= %(start)s AND f.day < %(end)s AND f.account_kind = ANY (%(accounts)s::text[])
  AND f.transfer_kind = ANY (%(transfers)s::text[]) AND (f.day, f.market_id) > (%(day)s::date, %(market)s)
GROUP BY 1, 2, 3, 4 HAVING sum({amount}) <> 0 ORDER BY 1, 2 LIMIT %(limit)s
"""
_ENTRIES: Final = (
    ENDS
    + """
SELECT n.id, t.created_at, a.kind, t.kind, n.amount, %(slug)s FROM ends e
JOIN trading_ledgertransfer t ON t.market_id = e.market_id AND t.seq BETWEEN e.first_seq AND e.last_seq
JOIN trading_ledgerentry n ON n.transfer_id = t.id JOIN trading_account a ON a.id = n.account_id
WHERE n.id < %(before)s AND a.kind = ANY (%(accounts)s::text[]) AND t.kind = ANY (%(transfers)s::text[])
ORDER BY n.id DESC LIMIT %(limit)s
"""
)
_GRANTS: Final = """
SELECT n.id, t.created_at, a.kind, t.kind, n.amount, '' FROM trading_account i
JOIN trading_ledgerentry own ON own.account_id = i.id AND own.id < %(before)s
JOIN trading_ledgertransfer t ON t.id = own.transfer_id AND t.market_id IS NULL
    AND t.created_at >= %(start)s::timestamptz AND t.created_at < %(end)s::timestamptz
JOIN trading_ledgerentry n ON n.transfer_id = t.id JOIN trading_account a ON a.id = n.account_id
WHERE i.kind = 'issuance' AND a.kind = ANY (%(accounts)s::text[]) ORDER BY own.id DESC LIMIT %(limit)s
"""
_AMOUNTS: Final = {"subsidies_paid": "f.credited - f.amount", "subsidies_returned": "f.credited",
                   "fees_refunded": "-f.amount"}  # fmt: skip
_SETTLED: Final = """
SELECT market_id, slug, question, settled_on, maker_result, resolve_s,
    CASE WHEN scored > 0 THEN (brier / scored / 1e12)::float8 END
FROM business_marketfacts WHERE settled_on >= %(start)s AND settled_on < %(end)s AND market_id > %(after)s
ORDER BY market_id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class LedgerDayRow:
    """What a market's entries of the figure sum to on a day."""

    day: date
    market_id: int
    slug: str
    question: str
    amount: int
    entries: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One line of the ledger; ``market`` is empty for credits granted."""

    id: int
    at: datetime
    account: str
    transfer: str
    amount: int
    market: str


@dataclass(frozen=True, slots=True)
class SettledRow:
    market_id: int
    slug: str
    question: str
    settled_on: date
    maker_result: int
    resolve_s: int | None
    brier: float | None


def ledger_day_rows(metric: Metric, span: Span, *, limit: int, cursor: str | None) -> Page[LedgerDayRow]:
    """Days and markets that the figure is the sum of."""
    accounts, transfers = ENTRIES[metric.name]
    day, market = decode_cursor("business-ledger", cursor, (str, int)) if cursor else ("0001-01-01T00:00:00+00:00", -1)
    parameters: dict[str, Any] = {"accounts": list(accounts), "transfers": list(transfers), "limit": limit + 1}
    statement = _LEDGER_DAYS.format(amount=_AMOUNTS.get(metric.name, "f.amount"))
    found = fetch_all(statement, span.parameters | parameters | {"day": str(day)[:10], "market": market})
    rows = [LedgerDayRow(*row) for row in found]
    return cut(rows, limit=limit, kind="business-ledger", keys=lambda row: (f"{row.day}T00:00:00+00:00", row.market_id))


def entry_rows(metric: Metric, span: Span, *, limit: int, cursor: str | None) -> Page[EntryRow]:
    """Entries of one market, or those outside of markets without a slug; newest first."""
    accounts, transfers = ENTRIES[metric.name]
    before = decode_cursor("business-entries", cursor, (int,))[0] if cursor else NEWEST
    parameters = {"before": before, "limit": limit + 1, "accounts": list(accounts), "transfers": list(transfers)}
    rows = [EntryRow(*row) for row in fetch_all(_ENTRIES if span.slug else _GRANTS, span.parameters | parameters)]
    return cut(rows, limit=limit, kind="business-entries", keys=lambda row: (row.id,))


def settled_rows(span: Span, *, limit: int, cursor: str | None) -> Page[SettledRow]:
    """Markets settled in the span, by id."""
    after = decode_cursor("business-settled", cursor, (int,))[0] if cursor else 0
    found = fetch_all(_SETTLED, span.parameters | {"after": after, "limit": limit + 1})
    rows = [SettledRow(*row) for row in found]
    return cut(rows, limit=limit, kind="business-settled", keys=lambda row: (row.market_id,))
