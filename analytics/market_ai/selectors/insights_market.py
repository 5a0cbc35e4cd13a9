"""What insights of a market are made from.

Bound   An hour of a week, thirty days, a few hundred trades and texts: the same however old the market is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from analytics.market_ai.engine.insights import Insight, MarketSeries, insights_of
from common import clock
from trading.selectors.market_detail import MarketDetail, market_detail

FILLS_MAX: Final = 200
TEXTS_MAX: Final = 200
DAYS: Final = 28
_MILLION: Final = 1_000_000
_HOURS: Final = """
SELECT c.close FROM trading_candle c
WHERE c.market_id = %(market_id)s AND c.outcome = %(outcome)s AND c.interval = '1h' AND c.starts_at > %(week)s
ORDER BY c.starts_at
"""
#: Trades of all outcomes on each whole day since the market opened, days without any too; and those of 24 hours.
_DAYS: Final = """
SELECT COALESCE(sum(c.trades), 0)::int
FROM generate_series(date_trunc('day', greatest(%(opened)s::timestamptz, %(first)s), 'UTC') + interval '1 day',
                     date_trunc('day', %(now)s::timestamptz, 'UTC') - interval '1 day', interval '1 day') AS d
LEFT JOIN trading_candle c ON c.market_id = %(market_id)s AND c.outcome = ANY(%(outcomes)s) AND c.interval = '1d'
    AND c.starts_at = d
GROUP BY d ORDER BY d
"""
_RECENT: Final = """
SELECT COALESCE(sum(c.trades), 0)::int FROM trading_candle c
WHERE c.market_id = %(market_id)s AND c.outcome = ANY(%(outcomes)s) AND c.interval = '1m' AND c.starts_at > %(day)s
"""
_FLOW: Final = """
SELECT count(*) FILTER (WHERE x.taker_side = 'buy'), count(*) FROM (
    SELECT t.taker_side FROM trading_trade t WHERE t.market_id = %(market_id)s AND t.outcome = %(outcome)s
    ORDER BY t.id DESC LIMIT %(fills)s
) x
"""
_SOCIAL: Final = """
SELECT s.score FROM sentiment_scoredcomment s
WHERE s.market_id = %(market_id)s AND s.until IS NULL AND s.known_at > %(week)s ORDER BY s.known_at DESC LIMIT %(texts)s
"""
_NEWS: Final = """
SELECT s.score FROM sentiment_articlelink s
WHERE s.market_id = %(market_id)s AND s.known_at > %(week)s ORDER BY s.known_at DESC LIMIT %(texts)s
"""


@dataclass(frozen=True, slots=True)
class MarketInsights:
    """``asked`` is how many questions the insights were chosen from."""

    market: MarketDetail
    at: datetime
    outcome: int
    insights: tuple[Insight, ...]
    asked: int


def market_insights(market_id: int) -> MarketInsights | None:
    """``None`` when there is no such market."""
    market = market_detail(market_id)
    if market is None:
        return None
    now = clock.now()
    insights, asked = insights_of(_series(market, now))
    return MarketInsights(market, now, market.leader.index, tuple(insights), asked)


def _series(market: MarketDetail, now: datetime) -> MarketSeries:
    leader = market.leader
    about: dict[str, Any] = {
        "market_id": market.id,
        "outcome": leader.index,
        "outcomes": [0] if market.is_binary else [outcome.index for outcome in market.outcomes],
        "now": now,
        "day": now - timedelta(days=1),
        "week": now - timedelta(days=7),
        "first": now - timedelta(days=DAYS),
        "opened": market.opened_at or market.created_at,
        "fills": FILLS_MAX,
        "texts": TEXTS_MAX,
    }
    buys, fills = _rows(_FLOW, about)[0]
    return MarketSeries(
        name=leader.name,
        hours=[close / _MILLION for (close,) in _rows(_HOURS, about)],
        price=None if leader.price is None else leader.price / _MILLION,
        price_24h_ago=None if leader.price_24h_ago is None else leader.price_24h_ago / _MILLION,
        days=[count for (count,) in _rows(_DAYS, about)],
        trades_24h=_rows(_RECENT, about)[0][0],
        buys=buys,
        fills=fills,
        social=[score / 10_000 for (score,) in _rows(_SOCIAL, about)],
        news=[score / 10_000 for (score,) in _rows(_NEWS, about)],
    )


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
