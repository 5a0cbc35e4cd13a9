"""A trader's cash, and the statement of how it came about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from common.paging import LIMIT_DEFAULT, Page, cut, decode_cursor
from common.streaming import keyset_chunks
from trading.selectors.rows import fetch_all, fetch_one


@dataclass(frozen=True, slots=True)
class AccountView:
    """Cash units; ``held`` of ``cash`` is reserved by open orders. All zero before the wallet is opened."""

    user_id: int
    handle: str
    cash: int
    held: int

    @property
    def available(self) -> int:
        return self.cash - self.held


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the statement: ``amount`` came in (or went out), ``balance`` is the cash after it."""

    id: int
    kind: str
    amount: int
    balance: int
    market_id: int | None
    market_slug: str
    question: str
    seq: int | None
    memo: str
    created_at: datetime


_ACCOUNT: Final = """
SELECT u.id, u.username, COALESCE(a.cash, 0), COALESCE(a.held, 0)
FROM accounts_user u LEFT JOIN trading_account a ON a.user_id = u.id
WHERE u.id = %(user_id)s
"""
_LINES: Final = """
SELECT e.id, t.kind, e.amount, e.balance, t.market_id, COALESCE(m.slug, ''), COALESCE(m.question, ''), t.seq, t.memo,
       t.created_at
FROM trading_ledgerentry e
JOIN trading_ledgertransfer t ON t.id = e.transfer_id
LEFT JOIN markets_market m ON m.id = t.market_id
WHERE e.account_id = (SELECT a.id FROM trading_account a WHERE a.user_id = %(user_id)s) AND e.id < %(before)s
ORDER BY e.id DESC
LIMIT %(limit)s
"""
_KIND: Final = "ledger"
_NEWEST: Final = 2**63 - 1


def account_view(user_id: int) -> AccountView | None:
    row = fetch_one(_ACCOUNT, {"user_id": user_id})
    return None if row is None else AccountView(*row)


def ledger_lines(user_id: int, *, limit: int = LIMIT_DEFAULT, cursor: str | None = None) -> Page[LedgerLine]:
    """A page of the trader's statement, newest first.

    Raises: CursorInvalid
    """
    before = _NEWEST if cursor is None else decode_cursor(_KIND, cursor, (int,))[0]
    rows = fetch_all(_LINES, {"user_id": user_id, "before": before, "limit": limit + 1})
    return cut([LedgerLine(*row) for row in rows], limit=limit, kind=_KIND, keys=lambda line: (line.id,))


def whole_ledger(user_id: int) -> Iterator[LedgerLine]:
    """Every line of the trader's statement as of now, newest first, read in chunks while it is consumed."""

    def page(before: int, size: int) -> Sequence[LedgerLine]:
        rows = fetch_all(_LINES, {"user_id": user_id, "before": before, "limit": size})
        return [LedgerLine(*row) for row in rows]

    for lines in keyset_chunks(page, start=_NEWEST, key=lambda line: line.id):
        yield from lines
