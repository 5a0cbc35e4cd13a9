"""The metrics of one trader.

Bound   Figures are read from rows that are kept up as trades come; open positions by an index of the markets that
        aren't paid out. Nothing here reads the trades of the past.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from analytics.market_ai.engine.analytics_values import (
    Risk,
    risk_of,
    success_interval,
    success_rate,
    trades_a_day,
)
from analytics.market_ai.models import TraderFigures
from common import clock

TOPICS_MAX: Final = 5
_TOPICS: Final = """
SELECT o.slug, o.name, t.trades, t.volume FROM market_ai_tradertopic t JOIN markets_topic o ON o.id = t.topic_id
WHERE t.user_id = %(user_id)s ORDER BY t.volume DESC, o.slug LIMIT %(most)s
"""
#: Value and cost of what isn't paid out: the value is also the most that can be lost.
_OPEN: Final = """
SELECT COALESCE(sum(p.value), 0)::bigint, COALESCE(sum(p.cost), 0)::bigint,
       (SELECT a.cash FROM trading_account a WHERE a.user_id = %(user_id)s)
FROM (
    SELECT q.quantity * COALESCE(b.prices[q.outcome + 1], 0) / 100 AS value, q.cost
    FROM market_ai_tradermarket t
    JOIN trading_position q ON q.market_id = t.market_id AND q.user_id = t.user_id
    JOIN trading_marketbook b ON b.market_id = t.market_id
    WHERE t.user_id = %(user_id)s AND t.profit IS NULL
) p
"""
_PERSON: Final = "SELECT u.username FROM accounts_user u WHERE u.id = %(user_id)s"


@dataclass(frozen=True, slots=True)
class FavouredTopic:
    slug: str
    name: str
    trades: int
    volume: int


@dataclass(frozen=True, slots=True)
class TraderAnalytics:
    """Amounts in cash units; rates ``None`` while nothing is known."""

    user_id: int
    handle: str
    at: datetime
    trades: int
    volume: int
    mean_size: int | None
    markets: int
    settled: int
    won: int
    success_rate: float | None
    success_interval: tuple[float, float] | None
    profit_settled: int
    profit_open: int
    risk: Risk
    trades_a_day: float
    topics: tuple[FavouredTopic, ...]
    last_trade_at: datetime | None

    @property
    def profit(self) -> int:
        return self.profit_settled + self.profit_open


def trader_analytics(user_id: int) -> TraderAnalytics | None:
    """``None`` when there is no such person."""
    handle = _rows(_PERSON, user_id=user_id)
    if not handle:
        return None
    now = clock.now()
    figures = TraderFigures.objects.filter(pk=user_id).first() or TraderFigures(first_trade_at=now, last_trade_at=now)
    value, cost, cash = _rows(_OPEN, user_id=user_id)[0]
    return TraderAnalytics(
        user_id=user_id,
        handle=handle[0][0],
        at=now,
        trades=figures.trades,
        volume=figures.volume,
        mean_size=figures.volume // figures.trades if figures.trades else None,
        markets=figures.markets,
        settled=figures.settled,
        won=figures.won,
        success_rate=success_rate(figures.won, figures.settled),
        success_interval=success_interval(figures.won, figures.settled),
        profit_settled=figures.profit,
        profit_open=value - cost,
        risk=risk_of(
            at_stake=value,
            owned=(cash or 0) + value,
            settled=figures.settled,
            profit=figures.profit,
            profit_squares=figures.profit_squares,
        ),
        trades_a_day=trades_a_day(figures.trades, (now - figures.first_trade_at).total_seconds()),
        topics=tuple(FavouredTopic(*row) for row in _rows(_TOPICS, user_id=user_id, most=TOPICS_MAX)),
        last_trade_at=figures.last_trade_at if figures.trades else None,
    )


def _rows(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
