"""Bring the 24-hour figures of markets up to date.

Bound      Candles are read of those books only whose figures can have changed: traded within the last 25 hours (an
           hour in which a refresh has to come), never refreshed, with volume left, or tradable and somewhere else
           than a day ago. What ended long ago costs the look at its book.
"""

from typing import Final

from django.db import connection

#: Whole hours from the hour candles, the first partial hour from the minute candles. A binary market has
#: candles of outcome 0 only; an outcome without a candle before then has stood at its equal share.
_REFRESH: Final = """
WITH since AS (SELECT now() - interval '24 hours' AS at),
stale AS MATERIALIZED (
    SELECT b.market_id, b.prices, m.kind FROM since, trading_marketbook b JOIN markets_market m ON m.id = b.market_id
    WHERE cardinality(b.prices) > 0 AND (
        b.last_trade_at > since.at - interval '1 hour'
        OR b.volume_24h <> 0
        OR cardinality(b.prices_24h_ago) = 0
        OR (m.status IN ('open', 'halted') AND b.prices_24h_ago <> b.prices))
),
figures AS MATERIALIZED (
    SELECT b.market_id, b.kind, coalesce(v.volume, 0)::bigint AS volume, p.prices
    FROM stale b CROSS JOIN since
    CROSS JOIN LATERAL (
        SELECT sum(c.volume) AS volume FROM trading_candle c, generate_series(0, cardinality(b.prices) - 1) AS o
        WHERE c.market_id = b.market_id AND c.outcome = o AND (
            (c.interval = '1h' AND c.starts_at >= since.at)
            OR (c.interval = '1m' AND c.starts_at >= since.at
                AND c.starts_at < date_trunc('hour', since.at, 'UTC') + interval '1 hour'))
    ) v
    CROSS JOIN LATERAL (
        SELECT array_agg(coalesce(
            (SELECT c.close FROM trading_candle c WHERE c.market_id = b.market_id AND c.outcome = o
                AND c.interval = '1m' AND c.starts_at < since.at ORDER BY c.starts_at DESC LIMIT 1),
            1000000 / cardinality(b.prices)) ORDER BY o) AS prices
        FROM generate_series(0, cardinality(b.prices) - 1) AS o
    ) p
),
full_figures AS (
    SELECT f.market_id, f.volume,
        CASE WHEN f.kind = 'binary' THEN ARRAY[f.prices[1], 1000000 - f.prices[1]] ELSE f.prices END AS prices
    FROM figures f
),
changed AS MATERIALIZED (
    SELECT b.market_id FROM trading_marketbook b JOIN full_figures f USING (market_id)
    WHERE (b.volume_24h, b.prices_24h_ago) IS DISTINCT FROM (f.volume, f.prices)
    ORDER BY b.market_id FOR NO KEY UPDATE OF b SKIP LOCKED
)
UPDATE trading_marketbook b SET volume_24h = f.volume, prices_24h_ago = f.prices
FROM changed JOIN full_figures f USING (market_id) WHERE b.market_id = changed.market_id
"""


def refresh_day_figures() -> int:
    """Recompute volume and prices of 24 hours ago; markets that trade at this moment wait for the next time.

    Returns: how many markets changed
    """
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH)
        return int(cursor.rowcount)
