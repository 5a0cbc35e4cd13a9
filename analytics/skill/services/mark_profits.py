"""Note what everybody has earned so far, once an hour, for the line of profit over time.

Contract   The mark of the hour is written anew until the hour is over. Profit is that of the markets whose settlement
           is counted, and of all other positions at the prices of the moment; liquidity is worth what was paid for it.
Bound      Traders with shares in a market that isn't over, and those of markets that ended in the last days: never
           everybody. Marks older than ``HOURS_KEPT`` keep the last of each day.
"""

from datetime import timedelta
from typing import Final

from django.db import connection

from common import clock

HOURS_KEPT: Final = 72
_MARK: Final = """
WITH unsettled AS (
    SELECT b.market_id, b.prices FROM trading_marketbook b
    LEFT JOIN skill_foldedmarket f ON f.market_id = b.market_id
    WHERE b.settled_at IS NULL OR f.settled_at IS NULL AND b.settled_at >= %(recent)s
),
held AS (
    SELECT p.user_id, sum(floor(p.quantity::numeric * coalesce(u.prices[p.outcome + 1], 0) / 100) - p.cost) AS profit
    FROM unsettled u JOIN trading_position p ON p.market_id = u.market_id AND p.user_id IS NOT NULL GROUP BY p.user_id
),
people AS (
    SELECT user_id FROM held
    UNION SELECT r.user_id FROM skill_foldedmarket f JOIN skill_result r ON r.market_id = f.market_id
    WHERE f.settled_at >= %(recent)s
)
INSERT INTO skill_mark AS t (user_id, at, profit)
SELECT p.user_id, %(hour)s, coalesce(h.profit, 0) + coalesce(s.profit, 0) FROM people p
LEFT JOIN held h ON h.user_id = p.user_id
LEFT JOIN skill_standing s ON s.season = 'all' AND s.topic_id = 0 AND s.user_id = p.user_id
ORDER BY p.user_id
ON CONFLICT (user_id, at) DO UPDATE SET profit = excluded.profit
"""
_THIN: Final = """
DELETE FROM skill_mark m WHERE m.at < %(until)s AND m.at >= %(since)s AND EXISTS (
    SELECT 1 FROM skill_mark later WHERE later.user_id = m.user_id AND later.at > m.at
      AND later.at < date_trunc('day', m.at, 'UTC') + interval '1 day')
"""


def mark_profits() -> int:
    """How many traders were marked; safe to repeat."""
    now = clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    thinned = hour - timedelta(hours=HOURS_KEPT)
    with connection.cursor() as cursor:
        cursor.execute(_MARK, {"hour": hour, "recent": now - timedelta(days=2)})
        marked = int(cursor.rowcount)
        cursor.execute(_THIN, {"until": thinned, "since": thinned - timedelta(days=3)})
    return marked
