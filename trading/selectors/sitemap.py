"""Addresses of everything that search engines may know.

Bound      One statement over the newest ``MARKETS_MAX`` published markets, kept for ``AGE_S`` by each process.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from common.caching.memory_cache import memory_cache
from trading.selectors.rows import fetch_all

AGE_S: Final = 600.0
MARKETS_MAX: Final = 10_000
_SELECT: Final = """
SELECT m.slug, GREATEST(m.created_at, b.last_trade_at, m.resolved_at)
FROM markets_market m LEFT JOIN trading_marketbook b ON b.market_id = m.id
WHERE m.status <> 'draft' ORDER BY m.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class KnownMarket:
    slug: str
    changed_at: datetime


@memory_cache(AGE_S, stale_s=AGE_S)
def known_markets() -> tuple[KnownMarket, ...]:
    return tuple(KnownMarket(*row) for row in fetch_all(_SELECT, {"limit": MARKETS_MAX}))
