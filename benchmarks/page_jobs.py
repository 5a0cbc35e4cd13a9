"""What the benchmark of pages runs inside Django: a past by bulk statements, and pages asked for with nothing kept."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.caching.clients import client as redis_client
from common.caching.memory_store import forget_memory
from trading.api.caches import forget_answers
from trading.selectors.books import forget_books
from trading.selectors.market_pulse import forget_seqs
from trading.selectors.outcomes import forget_outcomes
from trading.services._market_cache import forget_all
from trading.services.refresh_day_figures import refresh_day_figures

_FORGET: Final[tuple[Callable[[], object], ...]] = (
    forget_memory, forget_answers, forget_books, forget_seqs, forget_outcomes, forget_all,
)  # fmt: skip
#: Half of the trades are of one market, a quarter of one trader; the rest is spread. A minute is the newest.
_NUMBERED: Final = """
CREATE TEMPORARY TABLE numbered AS
SELECT m.id AS market_id, h.seq + row_number() OVER (PARTITION BY m.id ORDER BY n) AS seq, n,
    (%(users)s::bigint[])[CASE n %% 4 WHEN 0 THEN 1 ELSE 1 + (n * 7919) %% %(people)s END] AS taker_id,
    now() - interval '60 days' * (1 - n::float8 / %(count)s) AS at, (n / 2 %% 2)::smallint AS outcome,
    (3000 + (n / 3) %% 4000)::smallint AS price, nextval('trading_order_ids') AS order_id
FROM generate_series(1::bigint, %(count)s) AS n
JOIN unnest(%(markets)s::bigint[]) WITH ORDINALITY AS m (id, place)
    ON m.place = CASE n %% 2 WHEN 0 THEN 1 ELSE 2 + (n / 2) %% (%(shops)s - 1) END
JOIN markets_markethead h ON h.market_id = m.id
"""
_CANDLES: Final = """
    INSERT INTO trading_candle (market_id, outcome, interval, starts_at, open, high, low, close, volume, trades)
    SELECT market_id, outcome, '{interval}', date_trunc('{part}', at), min(price) * 100, max(price) * 100,
        min(price) * 100, max(price) * 100, sum(price * 10000::bigint), count(*)
    FROM numbered GROUP BY 1, 2, 4
"""
_FILL: Final = (
    """
    INSERT INTO trading_trade (market_id, seq, line, kind, outcome, taker_side, price, quantity, cost, taker_order_id,
        taker_id, taker_fee, maker_fee, probability, created_at)
    SELECT market_id, seq, 0, 'rule', outcome, 'buy', price, 10000, price * 10000, order_id, taker_id, 0, 0,
        price * 100, at
    FROM numbered ORDER BY n
    """,
    """
    INSERT INTO trading_order (id, market_id, user_id, client_order_id, outcome, side, type, time_in_force, price,
        quantity, post_only, self_trade_policy, filled, cost, fee, hold_cash, hold_shares, status, seq, created_at,
        updated_at)
    SELECT order_id, market_id, taker_id, 'past-' || n, outcome, 'buy', 'limit', 'ioc', price, 10000, false,
        'cancel_newest', 10000, price * 10000, 0, 0, 0, 'filled', seq, at, at
    FROM numbered ORDER BY n
    """,
    """
    INSERT INTO markets_marketevent (market_id, seq, kind, at, actor_id, data)
    SELECT market_id, seq, 'order_placed', at, taker_id, '{}' FROM numbered
    """,
    """
    WITH moved AS (
        INSERT INTO trading_ledgertransfer (kind, market_id, seq, created_at, memo)
        SELECT 'trade', market_id, seq, at, '' FROM numbered ORDER BY n RETURNING id, market_id, seq
    )
    INSERT INTO trading_ledgerentry (transfer_id, account_id, amount, balance)
    SELECT m.id, a.id, CASE a.kind WHEN 'wallet' THEN -n.price ELSE n.price END, 1000000
    FROM moved m JOIN numbered n USING (market_id, seq)
    JOIN trading_account a ON a.user_id = n.taker_id OR (a.market_id = n.market_id AND a.kind = 'collateral')
    """,
    """
    INSERT INTO trading_position (market_id, user_id, outcome, quantity, held, cost, updated_at)
    SELECT market_id, taker_id, outcome, count(*) * 10000, 0, sum(price * 10000::bigint), max(at)
    FROM numbered GROUP BY 1, 2, 3
    """,
    _CANDLES.format(interval="1m", part="minute"),
    _CANDLES.format(interval="1h", part="hour"),
    _CANDLES.format(interval="1d", part="day"),
    """
    INSERT INTO skill_mark (user_id, at, profit)
    SELECT taker_id, date_trunc('day', at), sum(price) FROM numbered GROUP BY 1, 2
    """,
    """
    INSERT INTO skill_standing (season, topic_id, user_id, markets, won, profit, scored, brier, market_brier, log_loss,
        market_log_loss)
    SELECT 'all', 0, taker_id, 20, 10, sum(price), 20, 1000, 2000, 1000, 2000 FROM numbered GROUP BY taker_id
    """,
    """
    UPDATE markets_markethead h SET seq = n.seq
    FROM (SELECT market_id, max(seq) AS seq FROM numbered GROUP BY 1) n WHERE h.market_id = n.market_id
    """,
    """
    UPDATE trading_marketbook b SET seq = n.seq, trades = n.trades, volume = n.volume, traders = n.traders,
        last_trade_at = n.at
    FROM (
        SELECT market_id, max(seq) AS seq, count(*) AS trades, sum(price * 10000::bigint) AS volume, max(at) AS at,
            count(DISTINCT taker_id) AS traders
        FROM numbered GROUP BY 1
    ) n WHERE b.market_id = n.market_id
    """,
    "DROP TABLE numbered",
)


def live(*, markets: list[int], users: list[int], trades: int) -> dict[str, int]:
    """So many trades over the last sixty days, with what they leave: orders, records, candles, shares."""
    with connection.cursor() as cursor:
        # The rows are balanced by how they are made; a trigger for each would take most of the time.
        cursor.execute("SET session_replication_role = replica")
        numbers = {"count": trades, "people": len(users), "shops": len(markets)}
        cursor.execute(_NUMBERED, {"markets": markets, "users": users, **numbers})
        for statement in _FILL:
            cursor.execute(statement)
        cursor.execute("SET session_replication_role = origin")
    refresh_day_figures()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {"trades": trades}


def ask(*, paths: list[str], user_id: int, rounds: int) -> dict[str, Any]:
    """Milliseconds of each page for this trader, with every cache empty, and its statements."""
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(User.objects.get(pk=user_id))
    found: dict[str, Any] = {path: {"ms": [], "statements": 0} for path in paths}
    for number in range(rounds + 1):
        for path, own in found.items():
            for forget in _FORGET:
                forget()
            redis_client().flushdb()
            began = time.perf_counter()
            answer = browser.get(path)
            elapsed_ms = (time.perf_counter() - began) * 1_000
            assert answer.status_code == 200, (path, answer.status_code)
            if number:
                own["ms"].append(elapsed_ms)
    for path, own in found.items():
        with CaptureQueriesContext(connection) as statements:
            browser.get(path)
        own["statements"] = len(statements)
    return found


if __name__ == "__main__":
    jobs: dict[str, Any] = {"live": live, "ask": ask}
    print(json.dumps(jobs[sys.argv[1]](**json.loads(sys.argv[2]))))
