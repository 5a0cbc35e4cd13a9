"""What insights of a portfolio are made from.

Bound   The ``HOLDINGS_MAX`` largest positions, a month of days of each, one statement for all estimates.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from analytics.market_ai.engine.portfolio import Holding
from analytics.market_ai.engine.portfolio_insights import PortfolioFacts, facts_of
from analytics.market_ai.selectors.predictions import MarketForecast, market_predictions
from common import clock
from common.money import CASH_SCALE, QUANTITY_SCALE

HOLDINGS_MAX: Final = 100
DAYS: Final = 30
_MILLION: Final = 1_000_000
_HANDLE: Final = "SELECT u.username FROM accounts_user u WHERE u.id = %(user_id)s"
_HELD: Final = """
SELECT p.market_id, m.slug, m.question, p.outcome, o.name, cardinality(b.prices), m.event_group, p.quantity,
       b.prices[p.outcome + 1], p.cost, m.kind = 'binary'
FROM trading_position p
JOIN trading_marketbook b ON b.market_id = p.market_id AND cardinality(b.prices) > p.outcome
JOIN markets_market m ON m.id = p.market_id
JOIN markets_outcome o ON o.market_id = p.market_id AND o.index = p.outcome
WHERE p.user_id = %(user_id)s AND p.quantity > 0
ORDER BY p.quantity * b.prices[p.outcome + 1] DESC, p.market_id, p.outcome LIMIT %(most)s
"""
#: A binary market keeps the candles of yes only.
_CLOSES: Final = """
SELECT k.number, (c.starts_at AT TIME ZONE 'UTC')::date - DATE '2000-01-01', c.close
FROM unnest(%(markets)s::bigint[], %(outcomes)s::int[]) WITH ORDINALITY AS k(market_id, outcome, number)
JOIN trading_candle c ON c.market_id = k.market_id AND c.outcome = k.outcome AND c.interval = '1d'
    AND c.starts_at > %(since)s
ORDER BY k.number, c.starts_at
"""
Closes = dict[int, list[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class PortfolioInsights:
    """``is_cut``: there are more positions than were looked at."""

    user_id: int
    handle: str
    at: datetime
    holdings: tuple[Holding, ...]
    is_cut: bool
    facts: PortfolioFacts


def portfolio_insights(user_id: int) -> PortfolioInsights | None:
    """Of what the person holds in markets that aren't paid out; ``None`` when there is no such person."""
    person = _rows(_HANDLE, user_id=user_id)
    if not person:
        return None
    now = clock.now()
    held = _rows(_HELD, user_id=user_id, most=HOLDINGS_MAX + 1)
    rows = held[:HOLDINGS_MAX]
    forecasts = market_predictions(sorted({row[0] for row in rows})) if rows else {}
    closes = _closes(rows, now) if rows else {}
    holdings = tuple(
        _holding(row, forecasts.get(row[0]), closes.get(number, [])) for number, row in enumerate(rows, start=1)
    )
    return PortfolioInsights(user_id, person[0][0], now, holdings, len(held) > HOLDINGS_MAX, facts_of(holdings))


def _holding(row: tuple[Any, ...], forecast: MarketForecast | None, closes: list[tuple[int, float]]) -> Holding:
    market_id, slug, question, outcome, name, outcomes, group, lots, price, cost, is_binary = row
    is_mirrored = is_binary and outcome == 1
    return Holding(
        market_id=market_id,
        slug=slug,
        question=question,
        outcome=outcome,
        outcome_name=name,
        outcomes=outcomes,
        event_group=group,
        shares=lots / QUANTITY_SCALE,
        price=price / _MILLION,
        cost=cost / CASH_SCALE,
        estimate=_estimate(forecast, outcome),
        closes=tuple((day, 1.0 - close if is_mirrored else close) for day, close in closes),
    )


def _estimate(forecast: MarketForecast | None, outcome: int) -> tuple[float, float, float] | None:
    if forecast is None or outcome >= len(forecast.outcomes):
        return None
    found = forecast.outcomes[outcome]
    return found.probability, found.low, found.high


def _closes(rows: list[tuple[Any, ...]], now: datetime) -> Closes:
    kept_outcomes = [0 if row[10] else row[3] for row in rows]
    found: Closes = {}
    markets = [row[0] for row in rows]
    since = now - timedelta(days=DAYS)
    for number, day, close in _rows(_CLOSES, markets=markets, outcomes=kept_outcomes, since=since):
        found.setdefault(number, []).append((day, close / _MILLION))
    return found


def _rows(statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
