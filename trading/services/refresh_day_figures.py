"""Bring the 24-hour figures of every market up to date."""

from typing import Final

from django.db import connection

#: Whole hours from the hour candles, the first partial hour from the minute candles. A binary market has
#: candles of outcome 0 only; an outcome without a candle before then has stood at its equal share.
_REFRESH: Final = """
WITH since AS (SELECT now() - interval '24 hours' AS at),
figures AS MATERIALIZED (
    SELECT b.market_id, coalesce(v.volume, 0)::bigint AS volume, p.prices
    FROM trading_marketbook b CROSS JOIN since
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
    WHERE cardinality(b.prices) > 0
),
full_figures AS (
    SELECT f.market_id, f.volume,
        CASE WHEN m.kind = 'binary' THEN ARRAY[f.prices[1], 1000000 - f.prices[1]] ELSE f.prices END AS prices
    FROM figures f JOIN markets_market m ON m.id = f.market_id
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
