"""Row locks of trading, in one order: market head (``markets.services.journal``), then accounts by id.

Contract   Every statement that changes an account's cash or holds runs after ``LOCK_ACCOUNTS`` of that
           account in the same transaction.
"""

from typing import Final

#: Parameters: user ids (wallets), market ids (all accounts of the market). ORDER BY sorts before locking.
LOCK_ACCOUNTS: Final = """
SELECT id, user_id, kind, cash, held FROM trading_account
WHERE id = ANY (ARRAY(
    SELECT id FROM trading_account WHERE user_id = ANY (%s::bigint[])
    UNION ALL SELECT id FROM trading_account WHERE market_id = ANY (%s::bigint[])
))
ORDER BY id FOR NO KEY UPDATE
"""
READ_WALLETS: Final = "SELECT user_id, cash, held FROM trading_account WHERE user_id = ANY (%s::bigint[])"
#: Parameters: user ids, market id, ids of the global accounts.
LOCK_FOR_SETTLEMENT: Final = """
SELECT id, user_id, kind, cash, market_id IS NOT NULL AS is_own FROM trading_account
WHERE user_id = ANY (%s::bigint[]) OR market_id = %s::bigint OR id = ANY (%s::bigint[])
ORDER BY id FOR NO KEY UPDATE
"""
LOCK_BY_ID: Final = "SELECT id FROM trading_account WHERE id = ANY (%s::bigint[]) ORDER BY id FOR NO KEY UPDATE"
