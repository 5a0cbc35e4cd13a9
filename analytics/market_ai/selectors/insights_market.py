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
#: Each part walks an index of its own; together they are one statement. The days are all whole ones since the market
#: opened, those without any trade too.
_PARTS: Final = """
SELECT flow.buys, flow.fills,
    ARRAY(
        SELECT c.close FROM trading_candle c
        WHERE c.market_id = %(market_id)s AND c.outcome = %(outcome)s AND c.interval = '1h' AND c.starts_at > %(week)s
        ORDER BY c.starts_at
    ),
    ARRAY(
        SELECT COALESCE(sum(c.trades), 0)::int
        FROM generate_series(
            date_trunc('day', greatest(%(opened)s::timestamptz, %(first)s), 'UTC') + interval '1 day',
            date_trunc('day', %(now)s::timestamptz, 'UTC') - interval '1 day', interval '1 day'
        ) AS d
        LEFT JOIN trading_candle c ON c.market_id = %(market_id)s AND c.outcome = ANY(%(outcomes)s)
            AND c.interval = '1d' AND c.starts_at = d
        GROUP BY d ORDER BY d
    ),
    (
        SELECT COALESCE(sum(c.trades), 0)::int FROM trading_candle c
        WHERE c.market_id = %(market_id)s AND c.outcome = ANY(%(outcomes)s) AND c.interval = '1m'
            AND c.starts_at > %(day)s
    ),
    ARRAY(
        SELECT s.score FROM sentiment_scoredcomment s
        WHERE s.market_id = %(market_id)s AND s.until IS NULL AND s.known_at > %(week)s
        ORDER BY s.known_at DESC LIMIT %(texts)s
    ),
    ARRAY(
        SELECT s.score FROM sentiment_articlelink s
        WHERE s.market_id = %(market_id)s AND s.known_at > %(week)s
        ORDER BY s.known_at DESC LIMIT %(texts)s
    )
FROM (
    SELECT count(*) FILTER (WHERE x.taker_side = 'buy') AS buys, count(*) AS fills FROM (
        SELECT t.taker_side FROM trading_trade t WHERE t.market_id = %(market_id)s AND t.outcome = %(outcome)s
        ORDER BY t.id DESC LIMIT %(fills)s
    ) x
) flow
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
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, about)
        buys, fills, hours, days, recent, social, news = cursor.fetchone()
    return MarketSeries(
        name=leader.name,
        hours=[close / _MILLION for close in hours],
        price=None if leader.price is None else leader.price / _MILLION,
        price_24h_ago=None if leader.price_24h_ago is None else leader.price_24h_ago / _MILLION,
        days=days,
        trades_24h=recent,
        buys=buys,
        fills=fills,
        social=[score / 10_000 for score in social],
        news=[score / 10_000 for score in news],
    )
