"""Movements of cash outside of trading: grants, subsidies, settlement.

Contract   Inside a transaction. Accounts are locked by id before anything is written; the caller already
           holds the head of every market whose accounts are involved.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import connection

from trading import locks
from trading.models import Account, LedgerTransfer
from trading.models.account import AccountKind
from trading.models.ledger import TransferKind

_POST: Final = """
WITH moved AS (
    UPDATE trading_account a SET cash = a.cash + m.amount
    FROM unnest(%s::bigint[], %s::bigint[]) AS m (id, amount) WHERE a.id = m.id
    RETURNING a.id, m.amount, a.cash
)
INSERT INTO trading_ledgerentry (transfer_id, account_id, amount, balance)
SELECT %s::bigint, id, amount, cash FROM moved ORDER BY id
"""


def post(
    moves: Mapping[int, int],
    *,
    kind: TransferKind,
    at: datetime,
    market_id: int | None = None,
    seq: int | None = None,
    memo: str = "",
) -> LedgerTransfer | None:
    """Move cash by account id, in one balanced transfer; nothing when nothing moves.

    Raises: IntegrityError if an account would fall below what it holds
    """
    moves = {account_id: amount for account_id, amount in moves.items() if amount}
    if not moves:
        return None
    assert sum(moves.values()) == 0, "credits are conserved"
    with connection.cursor() as cursor:
        cursor.execute(locks.LOCK_BY_ID, [list(moves)])
        assert cursor.rowcount == len(moves), "every account exists"
        transfer = LedgerTransfer.objects.create(kind=kind, market_id=market_id, seq=seq, created_at=at, memo=memo)
        cursor.execute(_POST, [list(moves), list(moves.values()), transfer.pk])
    return transfer


def global_account_id(kind: AccountKind) -> int:
    """The issuance or house account, made when first needed."""
    return _account_id(kind=kind, user=None, market=None)


def market_account_id(market_id: int, kind: AccountKind) -> int:
    return _account_id(kind=kind, market_id=market_id)


def _account_id(**fields: Any) -> int:
    return Account.objects.get_or_create(**fields)[0].pk
