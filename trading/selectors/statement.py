"""A trader's whole statement as the rows of a file."""

from typing import Final

from common.clock import rfc3339
from common.money import format_cash
from trading.selectors.accounts import LedgerLine
from trading.selectors.rows import fetch_one

HEADER: Final = ("line", "time", "kind", "amount", "balance", "market", "question", "market_seq", "memo")
_COUNT: Final = """
SELECT count(*) FROM trading_ledgerentry
WHERE account_id = (SELECT id FROM trading_account WHERE user_id = %(user_id)s)
"""


def ledger_line_count(user_id: int) -> int:
    row = fetch_one(_COUNT, {"user_id": user_id})
    return 0 if row is None else int(row[0])


def statement_cells(line: LedgerLine) -> tuple[object, ...]:
    """In the order of ``HEADER``; amounts are exact decimal strings of credits."""
    return (
        line.id,
        rfc3339(line.created_at),
        line.kind,
        format_cash(line.amount),
        format_cash(line.balance),
        line.market_slug,
        line.question,
        line.seq,
        line.memo,
    )
