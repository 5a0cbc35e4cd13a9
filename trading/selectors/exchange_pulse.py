"""How the exchange is doing, for who watches it each few seconds.

Contract   One statement each. Served by indexes: none reads more as history grows; the depth reads the orders that
           rest, the others a bounded number of rows. ``ledger_holds`` looks at the newest transfers only and so finds a
           mistake when it is made; ``invariants`` proves all of history.
"""

from typing import Any, Final

from common.money import CASH_SCALE
from trading.selectors.rows import fetch_one

ACTIVE_S: Final = 300
ORDERS_MAX: Final = 10_000
TRANSFERS_MAX: Final = 500

_OPEN: Final = "SELECT count(*) FROM markets_market WHERE status = 'open'"
_DEPTH: Final = "SELECT COALESCE(sum((quantity - filled) * price), 0) FROM trading_order WHERE status = 'open'"
_ACTIVE: Final = """
SELECT count(DISTINCT user_id) FROM (
    SELECT user_id, created_at FROM trading_order ORDER BY id DESC LIMIT %(orders)s
) newest WHERE created_at > statement_timestamp() - make_interval(secs => %(seconds)s)
"""
_UNSETTLED: Final = """
SELECT COALESCE(extract(epoch FROM statement_timestamp() - min(m.resolved_at)), 0)
FROM trading_marketbook b JOIN markets_market m ON m.id = b.market_id
WHERE b.settled_at IS NULL AND m.status IN ('resolved', 'void')
"""
_LEDGER: Final = """
WITH newest AS (SELECT id FROM trading_ledgertransfer ORDER BY id DESC LIMIT %(transfers)s),
moved AS (
    SELECT n.id, e.account_id, e.amount FROM newest n LEFT JOIN trading_ledgerentry e ON e.transfer_id = n.id
)
SELECT NOT EXISTS (SELECT FROM moved GROUP BY id HAVING COALESCE(sum(amount), 1) <> 0)
   AND NOT EXISTS (
    SELECT FROM trading_account a
    WHERE a.id IN (SELECT account_id FROM moved) AND a.cash <> (
        SELECT e.balance FROM trading_ledgerentry e WHERE e.account_id = a.id ORDER BY e.id DESC LIMIT 1)
)
"""


def open_market_count() -> int:
    return int(_value(_OPEN))


def resting_credits() -> float:
    """Worth of all resting orders at their own prices."""
    return float(_value(_DEPTH)) / CASH_SCALE


def active_trader_count() -> int:
    """Who placed an order in the last ``ACTIVE_S``, as far as the newest ``ORDERS_MAX`` orders tell."""
    return int(_value(_ACTIVE, orders=ORDERS_MAX, seconds=ACTIVE_S))


def settlement_lag_s() -> float:
    """Since when the market that waits longest is decided but not paid out; 0 when none waits."""
    return max(float(_value(_UNSETTLED)), 0.0)


def ledger_holds() -> bool:
    """Whether each of the newest transfers sums to zero, and their accounts have what their last entries say."""
    return bool(_value(_LEDGER, transfers=TRANSFERS_MAX))


def _value(statement: str, **parameters: Any) -> Any:
    row = fetch_one(statement, parameters)
    assert row is not None, "an aggregate always answers"
    return row[0]
