"""The metrics of one market.

Bound   A fixed number of statements, each on an index; counts of a day end at ``COUNT_MAX``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from analytics.market_ai.engine import features
from analytics.market_ai.engine.features import FeatureState
from analytics.market_ai.models import MarketFeatures
from analytics.market_ai.selectors.standings import standings
from analytics.sentiment.selectors.tone import news_tones, social_tones
from analytics.sentiment.types import Tone
from common import clock
from trading.selectors.market_detail import MarketDetail, market_detail

COUNT_MAX: Final = 1_000
_DAY: Final = timedelta(days=1)
_ACTIVITY: Final = """
SELECT
    (SELECT count(*) FROM (SELECT 1 FROM market_ai_tradermarket t
        WHERE t.market_id = %(market_id)s AND t.last_trade_at > %(day)s LIMIT %(most)s) x),
    (SELECT count(*) FROM (SELECT 1 FROM markets_comment c
        WHERE c.market_id = %(market_id)s AND c.created_at > %(day)s AND c.status = 'shown' LIMIT %(most)s) x),
    (SELECT count(*) FROM (SELECT 1 FROM sentiment_articlelink l
        WHERE l.market_id = %(market_id)s AND l.known_at > %(day)s LIMIT %(most)s) x),
    (SELECT count(*) FROM (SELECT 1 FROM sentiment_articlelink l
        WHERE l.market_id = %(market_id)s AND l.known_at > %(week)s LIMIT %(most)s) x)
"""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How the price behaves, by the definitions of the features; ``None`` before the first trade was folded."""

    volatility: float | None
    momentum: float | None
    volume_trend: float | None
    liquidity: float | None


@dataclass(frozen=True, slots=True)
class MarketAnalytics:
    """``outcome`` is the index that price and behaviour are about. ``brier`` of the last price once it is resolved;
    ``accuracy`` of answered markets of the same source (1 - mean squared error), ``None`` without any."""

    market: MarketDetail
    at: datetime
    outcome: int
    behaviour: Behaviour
    active_traders_24h: int
    comments_24h: int
    news_24h: int
    news_7d: int
    social: Tone
    news: Tone
    accuracy: float | None
    answered: int
    brier: float | None


def market_analytics(market_id: int) -> MarketAnalytics | None:
    """``None`` when there is no such market."""
    market = market_detail(market_id)
    if market is None:
        return None
    now = clock.now()
    active, comments, news_24h, news_7d = _activity(market_id, now)
    count, total = standings([market.source], [])[0].get(market.source, (0, 0.0))
    return MarketAnalytics(
        market=market,
        at=now,
        outcome=market.leader.index,
        behaviour=_behaviour(market_id, market.leader.index, now),
        active_traders_24h=active,
        comments_24h=comments,
        news_24h=news_24h,
        news_7d=news_7d,
        social=social_tones([(market_id, now)])[0],
        news=news_tones([(market_id, now)])[0],
        accuracy=round(1.0 - total / count, 4) if count else None,
        answered=count,
        brier=_brier(market),
    )


def _activity(market_id: int, now: datetime) -> tuple[int, int, int, int]:
    parameters: dict[str, Any] = {
        "market_id": market_id,
        "day": now - _DAY,
        "week": now - 7 * _DAY,
        "most": COUNT_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVITY, parameters)
        active, comments, news_24h, news_7d = cursor.fetchone()
        return active, comments, news_24h, news_7d


def _behaviour(market_id: int, outcome: int, now: datetime) -> Behaviour:
    states = MarketFeatures.objects.filter(pk=market_id).values_list("states", flat=True).first() or []
    if outcome >= len(states):
        return Behaviour(None, None, None, None)
    state, at = FeatureState(**states[outcome]), now.timestamp()
    return Behaviour(
        volatility=round(features.volatility(state, at), 4),
        momentum=round(features.momentum(state, at), 4),
        volume_trend=round(features.volume_trend(state, at), 4),
        liquidity=round(features.liquidity(state), 4),
    )


def _brier(market: MarketDetail) -> float | None:
    """Of all outcomes, from 0 (sure and right) to 2; binary from 0 to 1."""
    if market.payouts is None or market.status != "resolved" or market.leader.price is None:
        return None
    errors = [
        ((outcome.price or 0) / 1_000_000 - paid / 10_000) ** 2
        for outcome, paid in zip(market.outcomes, market.payouts, strict=True)
    ]
    return round(errors[0] if market.is_binary else sum(errors), 6)
