"""The books of open markets at this moment: how wide, and how much rests near the best price."""

from collections.abc import Sequence
from typing import Final

from django.db import connection

#: Best prices of outcome 0 or of each outcome, booked view; worth at the resting price, within points of the best.
#: What a maker rule would sell at any moment has no orders and isn't counted.
_BOOKS: Final = """
WITH busy AS (
    SELECT m.id, m.kind FROM markets_market m JOIN trading_marketbook b ON b.market_id = m.id
    WHERE m.status = 'open' ORDER BY b.volume_24h DESC, m.id LIMIT %(limit)s
), resting AS (
    SELECT m.id AS market_id, CASE WHEN m.kind = 'binary' THEN 0 ELSE o.outcome END AS outcome,
        CASE WHEN m.kind = 'binary' AND o.outcome = 1 THEN 10000 - o.price ELSE o.price END AS price,
        (o.side = 'buy') <> (m.kind = 'binary' AND o.outcome = 1) AS is_bid,
        (o.quantity - o.filled)::numeric AS lots
    FROM busy m JOIN trading_order o ON o.market_id = m.id AND o.status = 'open' AND o.price IS NOT NULL
), best AS (
    SELECT market_id, outcome, max(price) FILTER (WHERE is_bid) AS bid, min(price) FILTER (WHERE NOT is_bid) AS ask
    FROM resting GROUP BY 1, 2
), near AS (
    SELECT r.market_id, r.outcome, r.lots * CASE WHEN r.is_bid THEN r.price ELSE 10000 - r.price END AS worth,
        CASE WHEN r.is_bid THEN b.bid - r.price ELSE r.price - b.ask END AS away
    FROM resting r JOIN best b USING (market_id, outcome)
), depths AS (
    SELECT market_id, sum(worth) FILTER (WHERE away <= 100) AS one, sum(worth) FILTER (WHERE away <= 500) AS five,
        sum(worth) FILTER (WHERE away <= 1000) AS ten FROM near GROUP BY 1
), spreads AS (
    SELECT market_id, avg(ask - bid) AS spread FROM best WHERE ask IS NOT NULL AND bid IS NOT NULL GROUP BY 1
)
SELECT b.id, round(s.spread)::int, coalesce(d.one, 0)::bigint, coalesce(d.five, 0)::bigint, coalesce(d.ten, 0)::bigint
FROM busy b LEFT JOIN depths d ON d.market_id = b.id LEFT JOIN spreads s ON s.market_id = b.id
"""
Book = tuple[int, int | None, int, int, int]


def open_books(*, limit: int) -> Sequence[Book]:
    """Market, spread in ticks (None without both sides; mean over outcomes), worth within 1, 5 and 10 points in cash
    units, of the ``limit`` open markets with most volume today."""
    with connection.cursor() as cursor:
        cursor.execute(_BOOKS, {"limit": limit})
        rows: list[Book] = cursor.fetchall()
        return rows
