"""What the benchmark of business figures runs inside Django: a year of trades by bulk statements, then the rollups."""

import json
import sys
import time
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from accounts.services.create_user import create_user
from accounts.types import Role
from analytics.business.services.fold_activity import fold_activity
from analytics.business.services.reconcile_ledger import reconcile_ledger
from analytics.business.services.refresh_days import refresh_days

_FOR_EVER: Final = 1e9
_PEOPLE: Final = """
INSERT INTO accounts_user (password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
    date_joined, is_simulated)
SELECT '', false, 'business-' || n, '', '', '', false, true, now() - interval '1 day' * (n %% 365), false
FROM generate_series(1, %(people)s) AS n
"""
_MARKETS: Final = """
WITH made AS (
    INSERT INTO markets_market (slug, question, description, rules, resolution_source, kind, status, topic_id, tags,
        creator_id, event_group, source, source_id, created_at, opened_at, closes_at, liquidity_lots, taker_fee_bps,
        maker_fee_bps, tick, lot, challenge_window_s, proposal_reason, dispute_reason)
    SELECT 'business-' || n, 'Will business market ' || n || ' grow?', '', 'It grows.', '', 'binary', 'open',
        (SELECT min(id) FROM markets_topic), '{}', (SELECT min(id) FROM accounts_user), '', '', '',
        now() - interval '366 days', now() - interval '366 days', now() + interval '1 year', 0, 0, 0, 1, 1, 0, '', ''
    FROM generate_series(1, %(markets)s) AS n RETURNING id
), heads AS (
    INSERT INTO markets_markethead (market_id, seq) SELECT id, 0 FROM made
)
INSERT INTO markets_outcome (market_id, index, slug, name)
SELECT id, o.index, o.name, o.name FROM made, (VALUES (0, 'yes'), (1, 'no')) AS o (index, name)
"""
#: Trades of a year, a second apart and in turns: each is one order, one record, one transfer of its cost and fee.
_NUMBERED: Final = """
CREATE TEMPORARY TABLE numbered AS
SELECT m.id AS market_id, h.seq + row_number() OVER (PARTITION BY m.id ORDER BY n) AS seq,
    (%(users)s::bigint[])[1 + (n * 7919::bigint) %% %(people)s] AS taker_id,
    (%(users)s::bigint[])[1 + (n * 7919::bigint + 1 + n %% 97) %% %(people)s] AS maker_id,
    now() - interval '365 days' * (1 - n::float8 / %(count)s) AS at, 1000 + n %% 8000 AS price, n
FROM generate_series(1, %(count)s) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM markets_market WHERE slug LIKE 'business-%%') m
    ON m.place = n %% %(markets)s
JOIN markets_markethead h ON h.market_id = m.id
"""
_FILL: Final = (
    """
    INSERT INTO trading_trade (market_id, seq, line, kind, outcome, taker_side, price, quantity, cost, taker_order_id,
        taker_id, taker_fee, maker_order_id, maker_id, maker_fee, probability, created_at)
    SELECT market_id, seq, 0, 'transfer', 0, CASE n % 2 WHEN 0 THEN 'buy' ELSE 'sell' END, price, 10000, price * 10000,
        n, taker_id, 1000, n, maker_id, 100, price * 100 + 500, at FROM numbered ORDER BY market_id, seq
    """,
    """
    INSERT INTO markets_marketevent (market_id, seq, kind, at, actor_id, data)
    SELECT market_id, seq, 'order_placed', at, taker_id, '{}' FROM numbered
    """,
    """
    WITH moved AS (
        INSERT INTO trading_ledgertransfer (kind, market_id, seq, created_at, memo)
        SELECT 'trade', market_id, seq, at, '' FROM numbered RETURNING id, market_id
    )
    INSERT INTO trading_ledgerentry (transfer_id, account_id, amount, balance)
    SELECT m.id, a.id, CASE a.kind WHEN 'fees' THEN 1100 ELSE -1100 END, 0 FROM moved m
    JOIN trading_account a ON (a.market_id = m.market_id AND a.kind = 'fees') OR a.kind = 'issuance'
    """,
    """
    UPDATE markets_markethead h SET seq = n.seq
    FROM (SELECT market_id, max(seq) AS seq FROM numbered GROUP BY 1) n WHERE h.market_id = n.market_id
    """,
    """
    UPDATE trading_account a SET cash = s.cash FROM (
        SELECT account_id, sum(amount)::bigint AS cash FROM trading_ledgerentry GROUP BY 1) s
    WHERE a.id = s.account_id AND (a.kind = 'issuance' OR a.market_id IN (SELECT market_id FROM numbered))
    """,
    "DROP TABLE numbered",
)
_ACCOUNTS: Final = """
INSERT INTO trading_account (kind, market_id, cash, held, created_at)
SELECT k.kind, m.id, 0, 0, now() FROM markets_market m, (VALUES ('fees'), ('collateral'), ('maker')) AS k (kind)
WHERE m.slug LIKE 'business-%'
"""


def prepare_business(*, markets: int, people: int) -> dict[str, Any]:
    """Somebody who may see the figures, with a session, and an empty market place."""
    manager = create_user(handle="manager", roles=(Role.TRADER, Role.ANALYST))
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"people": people})
        cursor.execute(_MARKETS, {"markets": markets})
        cursor.execute(_ACCOUNTS)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(manager.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = manager.get_session_auth_hash()
    store.create()
    return {"session": str(store.session_key)}


def grow(*, trades: int) -> dict[str, Any]:
    """So many trades more over the last year, rolled up and reconciled; then one more, to see what that costs."""
    _fill(trades)
    fold_s, records = _timed(lambda: fold_activity(budget_s=_FOR_EVER))
    refresh_s, days = _timed(lambda: refresh_days(budget_s=_FOR_EVER))
    _fill(1)
    again_s, _ = _timed(fold_activity)
    day_s, _ = _timed(refresh_days)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {
        "records": records,
        "fold_s": fold_s,
        "days": days,
        "refresh_s": refresh_s,
        "again_ms": again_s * 1_000,
        "day_ms": day_s * 1_000,
        "difference": reconcile_ledger().difference,
    }


def _fill(trades: int) -> None:
    with connection.cursor() as cursor:
        # The rows are balanced by how they are made; a trigger for each would take most of the time.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SELECT array_agg(id) FROM accounts_user WHERE username LIKE 'business-%'")
        users = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM markets_market WHERE slug LIKE 'business-%'")
        markets = cursor.fetchone()[0]
        cursor.execute(_NUMBERED, {"users": users, "people": len(users), "markets": markets, "count": trades})
        for statement in _FILL:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")


def _timed(call: Any) -> tuple[float, int]:
    began = time.perf_counter()
    found = int(call())
    return time.perf_counter() - began, found


if __name__ == "__main__":
    jobs = {"prepare_business": prepare_business, "grow": grow}
    print(json.dumps(jobs[sys.argv[1]](**json.loads(sys.argv[2]))))
