"""The metrics of the whole site, and its busiest markets.

Contract   Computed once for all processes and at most ``AGE_S`` old. Measurements that nobody made lately are ``None``.
Bound      Counts of people and of markets grow with those alone, never with trades; what changed in a day is read by
           indexes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from common import clock
from common.caching.redis_cache import redis_cache
from monitoring.selectors.latest import latest
from trading.selectors.market_cards import MarketCard, MarketSort
from trading.selectors.shared_lists import front_page

AGE_S: Final = 5.0
TOP_MARKETS: Final = 10
#: Names of the answer and of the series that they are read from.
MEASUREMENTS: Final = {
    "response_time_ms": "response_time",
    "error_rate_percent": "error_rate",
    "requests_per_second": "throughput",
    "cpu_percent": "cpu_usage",
    "memory_percent": "memory_usage",
    "disk_percent": "disk_usage",
}
_PEOPLE: Final = """
SELECT (SELECT count(*) FROM accounts_user u WHERE u.is_active),
       (SELECT count(*) FROM market_ai_traderfigures f WHERE f.last_trade_at > %(day)s)
"""
_MARKETS: Final = "SELECT m.status, count(*) FROM markets_market m WHERE m.status <> 'draft' GROUP BY m.status"
_TOTALS: Final = """
SELECT COALESCE(sum(b.volume), 0)::bigint, COALESCE(sum(b.trades), 0)::bigint,
       COALESCE(sum(b.volume_24h) FILTER (WHERE b.volume_24h > 0), 0)::bigint
FROM trading_marketbook b
"""
#: Of markets that traded in a day: whole hours, and minutes of the first hour.
_TRADES_24H: Final = """
SELECT COALESCE(sum(c.trades), 0)::bigint FROM trading_marketbook b
CROSS JOIN generate_series(0, cardinality(b.prices) - 1) AS o
JOIN trading_candle c ON c.market_id = b.market_id AND c.outcome = o AND (
    (c.interval = '1h' AND c.starts_at >= %(day)s)
    OR (c.interval = '1m' AND c.starts_at >= %(day)s
        AND c.starts_at < date_trunc('hour', %(day)s::timestamptz, 'UTC') + interval '1 hour'))
WHERE b.volume_24h > 0
"""


@dataclass(frozen=True, slots=True)
class SiteAnalytics:
    """Volumes in cash units. ``measurements``: latest values by the names of MEASUREMENTS."""

    at: datetime
    total_users: int
    active_users_24h: int
    markets: dict[str, int]
    total_volume: int
    total_trades: int
    volume_24h: int
    trades_24h: int
    measurements: dict[str, float | None]


@redis_cache(AGE_S, stale_s=AGE_S)
def site_analytics() -> SiteAnalytics:
    now = clock.now()
    day = now - timedelta(days=1)
    people, active = _rows(_PEOPLE, day=day)[0]
    volume, trades, volume_24h = _rows(_TOTALS)[0]
    return SiteAnalytics(
        at=now,
        total_users=people,
        active_users_24h=active,
        markets=dict(_rows(_MARKETS)),
        total_volume=volume,
        total_trades=trades,
        volume_24h=volume_24h,
        trades_24h=_rows(_TRADES_24H, day=day)[0][0],
        measurements=_measured(),
    )


def top_markets() -> tuple[MarketCard, ...]:
    """The open markets with the most volume in a day, busiest first; at most a second old."""
    return front_page(MarketSort.VOLUME_24H, "", "open", TOP_MARKETS).items


def _measured() -> dict[str, float | None]:
    found = {key.name: one.value for key, one in latest(names=list(MEASUREMENTS.values())).items() if not key.dimension}
    return {name: found.get(series) for name, series in MEASUREMENTS.items()}


def _rows(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
