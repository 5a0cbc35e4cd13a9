"""Count new trades and new settlements into the figures of traders.

Contract   Each trade is counted once for its taker and once for its maker, each settlement once: a market's trades are
           numbered under its lock, so the last number counted is a cursor that skips nothing. Folding everything anew
           gives the same figures. A settlement that was undone is taken back, and counted anew when it comes again.
Bound      ``MARKETS_MAX`` markets a call, ``TRADES_MAX`` trades of each; the rest comes with the next call.
Locks      One call at a time, by an advisory lock; the other leaves at once.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from analytics.market_ai.models import FoldedMarket

MARKETS_MAX: Final = 500
TRADES_MAX: Final = 50_000
_LOCK: Final = 0x6D61_7472
_DUE: Final = """
SELECT b.market_id, b.last_trade_at, m.topic_id, COALESCE(f.trade_id, 0), b.settled_at IS NOT NULL,
       m.status = 'resolved', b.last_trade_at IS DISTINCT FROM f.book_trade_at,
       COALESCE(f.is_settled AND f.settled_at IS NOT NULL AND f.settled_at IS DISTINCT FROM b.settled_at, false),
       COALESCE(f.is_scored, false), b.settled_at
FROM trading_marketbook b
JOIN markets_market m ON m.id = b.market_id
LEFT JOIN market_ai_foldedmarket f ON f.market_id = b.market_id
WHERE b.last_trade_at IS DISTINCT FROM f.book_trade_at
   OR (b.settled_at IS NOT NULL AND NOT COALESCE(f.is_settled, false))
   OR (f.is_settled AND f.settled_at IS NOT NULL AND f.settled_at IS DISTINCT FROM b.settled_at)
ORDER BY b.market_id LIMIT %(limit)s
"""
#: Trades of both sides, by person, added to the three tables; answers how many and the last number.
_FOLD: Final = """
WITH fresh AS MATERIALIZED (
    SELECT id, taker_id, maker_id, cost, created_at FROM trading_trade
    WHERE market_id = %(market_id)s AND id > %(trade_id)s ORDER BY id LIMIT %(limit)s
),
sums AS MATERIALIZED (
    SELECT s.user_id, count(*) AS trades, sum(s.cost)::bigint AS volume, min(s.created_at) AS first,
        max(s.created_at) AS last
    FROM (SELECT taker_id AS user_id, cost, created_at FROM fresh
          UNION ALL SELECT maker_id, cost, created_at FROM fresh WHERE maker_id IS NOT NULL) s
    GROUP BY s.user_id
),
in_market AS (
    INSERT INTO market_ai_tradermarket AS t (market_id, user_id, trades, volume, last_trade_at)
    SELECT %(market_id)s, user_id, trades, volume, last FROM sums
    ON CONFLICT (market_id, user_id) DO UPDATE SET trades = t.trades + excluded.trades,
        volume = t.volume + excluded.volume, last_trade_at = excluded.last_trade_at
    RETURNING t.user_id, t.xmax = 0 AS is_new
),
in_topic AS (
    INSERT INTO market_ai_tradertopic AS t (user_id, topic_id, trades, volume)
    SELECT user_id, %(topic_id)s, trades, volume FROM sums
    ON CONFLICT (user_id, topic_id) DO UPDATE SET trades = t.trades + excluded.trades,
        volume = t.volume + excluded.volume
),
in_all AS (
    INSERT INTO market_ai_traderfigures AS t
        (user_id, trades, volume, markets, settled, won, profit, profit_squares, first_trade_at, last_trade_at)
    SELECT user_id, trades, volume, is_new::int, 0, 0, 0, 0, first, last FROM sums JOIN in_market USING (user_id)
    ON CONFLICT (user_id) DO UPDATE SET trades = t.trades + excluded.trades, volume = t.volume + excluded.volume,
        markets = t.markets + excluded.markets, first_trade_at = least(t.first_trade_at, excluded.first_trade_at),
        last_trade_at = greatest(t.last_trade_at, excluded.last_trade_at)
)
SELECT count(*), COALESCE(max(id), %(trade_id)s) FROM fresh
"""
#: What a trader has won in a market that is paid out is what its positions cost, with the other sign.
_SETTLE: Final = """
WITH paid AS MATERIALIZED (
    SELECT t.user_id, COALESCE(-(SELECT sum(p.cost) FROM trading_position p
        WHERE p.market_id = t.market_id AND p.user_id = t.user_id), 0)::bigint AS profit
    FROM market_ai_tradermarket t WHERE t.market_id = %(market_id)s AND t.profit IS NULL
),
in_market AS (
    UPDATE market_ai_tradermarket t SET profit = paid.profit FROM paid
    WHERE t.market_id = %(market_id)s AND t.user_id = paid.user_id
)
UPDATE market_ai_traderfigures t SET settled = t.settled + 1, won = t.won + (paid.profit > 0)::int,
    profit = t.profit + paid.profit, profit_squares = t.profit_squares + power(paid.profit / 1e8, 2)
FROM paid WHERE t.user_id = paid.user_id AND %(is_resolved)s
"""

#: The settlement was undone: what it added is taken away again.
_UNSETTLE: Final = """
WITH undone AS MATERIALIZED (
    SELECT user_id, profit FROM market_ai_tradermarket WHERE market_id = %(market_id)s AND profit IS NOT NULL
),
in_market AS (
    UPDATE market_ai_tradermarket t SET profit = NULL FROM undone
    WHERE t.market_id = %(market_id)s AND t.user_id = undone.user_id
)
UPDATE market_ai_traderfigures t SET settled = t.settled - 1, won = t.won - (undone.profit > 0)::int,
    profit = t.profit - undone.profit,
    profit_squares = greatest(t.profit_squares - power(undone.profit / 1e8, 2), 0)
FROM undone WHERE t.user_id = undone.user_id AND %(is_scored)s
"""


@dataclass(frozen=True, slots=True)
class _Due:
    market_id: int
    book_trade_at: datetime | None
    topic_id: int
    trade_id: int
    is_settled: bool
    is_resolved: bool
    has_trades: bool
    is_undone: bool
    is_scored: bool
    settled_at: datetime | None


def fold_traders() -> int:
    """Count what is new; safe to repeat and to run twice at once.

    Returns: how many trades were counted
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_DUE, {"limit": MARKETS_MAX})
        return sum(_fold(_Due(*row)) for row in cursor.fetchall())


def _fold(due: _Due) -> int:
    counted, trade_id = _count_trades(due) if due.has_trades else (0, due.trade_id)
    # A settlement is counted after the last trade, or its traders would be missed.
    is_whole = counted < TRADES_MAX
    is_settled = due.is_settled and is_whole
    if due.is_undone:
        with connection.cursor() as cursor:
            cursor.execute(_UNSETTLE, {"market_id": due.market_id, "is_scored": due.is_scored})
    if is_settled:
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, {"market_id": due.market_id, "is_resolved": due.is_resolved})
    FoldedMarket.objects.update_or_create(
        market_id=due.market_id,
        defaults={
            "trade_id": trade_id,
            "is_settled": is_settled,
            "settled_at": due.settled_at if is_settled else None,
            "is_scored": is_settled and due.is_resolved,
            **({"book_trade_at": due.book_trade_at} if is_whole else {}),
        },
    )
    return counted


def _count_trades(due: _Due) -> tuple[int, int]:
    """How many, and the number of the last."""
    parameters = {
        "market_id": due.market_id,
        "trade_id": due.trade_id,
        "topic_id": due.topic_id,
        "limit": TRADES_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, parameters)
        counted, trade_id = cursor.fetchone()
        return int(counted), int(trade_id)
