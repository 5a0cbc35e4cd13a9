"""The markets that somebody watches, with what a glance should tell.

Bound      One statement; at most ``WATCHES_MAX`` rows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection

from alerting.selectors.notifications import WATCHES_MAX

#: The likeliest outcome is told; of a binary market always yes.
_WATCHED: Final = """
SELECT m.slug, m.question, m.status, m.closes_at, o.name, b.prices[o.index + 1],
       b.prices[o.index + 1] - b.prices_24h_ago[o.index + 1], b.volume_24h
FROM alerting_watch w
JOIN markets_market m ON m.id = w.market_id
LEFT JOIN trading_marketbook b ON b.market_id = m.id
LEFT JOIN LATERAL (
    SELECT u.index, u.name FROM markets_outcome u WHERE u.market_id = m.id AND (m.kind <> 'binary' OR u.index = 0)
    ORDER BY b.prices[u.index + 1] DESC NULLS LAST, u.index LIMIT 1) o ON TRUE
WHERE w.user_id = %s ORDER BY w.id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class WatchedMarket:
    """Prices in 1/1,000,000, ``volume_24h`` cash units; empty before the market was opened."""

    slug: str
    question: str
    status: str
    closes_at: datetime
    outcome: str
    price: int | None
    change_24h: int | None
    volume_24h: int | None


def watchlist(user_id: int) -> tuple[WatchedMarket, ...]:
    """The newest first."""
    with connection.cursor() as cursor:
        cursor.execute(_WATCHED, [user_id, WATCHES_MAX])
        return tuple(WatchedMarket(*row) for row in cursor.fetchall())
