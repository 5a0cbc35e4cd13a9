"""Hold the rollups against the double-entry ledger, to the unit.

Contract   One statement, one snapshot: balances of the accounts less the entries that the rollups haven't read yet must
           be what the rollups sum to, for each kind of account. So it holds at every moment, however far behind they
           are. The fees that trades tell must be those that the ledger booked.
"""

from typing import Any, Final

from django.db import connection

from analytics.business.models import Reconciliation
from common import clock
from common.money import format_cash

KEPT: Final = 500
_COMPARE: Final = """
WITH behind AS (
    SELECT h.market_id, coalesce(p.seq, 0) AS after, h.seq AS upto FROM markets_markethead h
    LEFT JOIN business_position p ON p.market_id = h.market_id WHERE h.seq > coalesce(p.seq, 0)
), unread AS (
    SELECT a.kind, e.amount FROM behind b
    JOIN trading_ledgertransfer t ON t.market_id = b.market_id AND t.seq > b.after AND t.seq <= b.upto
    JOIN trading_ledgerentry e ON e.transfer_id = t.id JOIN trading_account a ON a.id = e.account_id
    UNION ALL
    SELECT a.kind, e.amount FROM trading_account issuance
    JOIN trading_ledgerentry own ON own.account_id = issuance.id
        AND own.id > coalesce((SELECT seq FROM business_position WHERE market_id = 0), 0)
    JOIN trading_ledgertransfer t ON t.id = own.transfer_id AND t.market_id IS NULL
    JOIN trading_ledgerentry e ON e.transfer_id = t.id JOIN trading_account a ON a.id = e.account_id
    WHERE issuance.kind = 'issuance'
), ledger AS (
    SELECT kind, sum(amount)::bigint AS amount FROM (
        SELECT kind, cash AS amount FROM trading_account UNION ALL SELECT kind, -amount FROM unread) booked GROUP BY 1
), rollups AS (
    SELECT account_kind AS kind, sum(amount)::bigint AS amount FROM business_ledgerday GROUP BY 1
), fees AS (
    SELECT (SELECT coalesce(sum(amount), 0) FROM business_ledgerday
            WHERE account_kind = 'fees' AND transfer_kind = 'trade')::bigint AS ledger,
        (SELECT coalesce(sum(taker_fees + maker_fees), 0) FROM business_marketday)::bigint AS trades
)
SELECT coalesce(l.kind, r.kind), coalesce(l.amount, 0), coalesce(r.amount, 0)
FROM ledger l FULL JOIN rollups r ON r.kind = l.kind
UNION ALL SELECT 'fees of trades', ledger, trades FROM fees
"""
_TITLES: Final = {
    "fees": "Fees not banked yet",
    "house": "Fees banked by the house",
    "fees of trades": "Fees told by the trades",
    "maker": "Money of the maker rules",
    "collateral": "Collateral of shares",
    "wallet": "Wallets of traders",
    "issuance": "Credits issued",
}


def reconcile_ledger() -> Reconciliation:
    """Compare now, keep the result, and forget the oldest beyond ``KEPT``."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE)
        found = {kind: (int(ledger), int(rollups)) for kind, ledger, rollups in cursor.fetchall()}
    lines = [_line(kind, title, *found.get(kind, (0, 0))) for kind, title in _TITLES.items()]
    assert set(found) <= set(_TITLES), "every kind of account has its line"
    difference = sum(abs(ledger - rollups) for ledger, rollups in found.values())
    made = Reconciliation.objects.create(at=clock.now(), difference=difference, lines=lines)
    Reconciliation.objects.filter(pk__lte=made.pk - KEPT).delete()
    return made


def _line(kind: str, title: str, ledger: int, rollups: int) -> dict[str, Any]:
    return {
        "account": kind,
        "title": title,
        "ledger": format_cash(ledger),
        "rollups": format_cash(rollups),
        "difference": format_cash(rollups - ledger),
    }
