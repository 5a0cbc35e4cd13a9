"""What insights of a market are made from: whole days, the week's hours, the newest trades and texts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from analytics.market_ai.selectors import insights_market
from analytics.market_ai.selectors.insights_market import market_insights
from tests.factories.rows import row_market, row_order, row_trade, row_user
from trading.models import Candle

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def _candle(market: Any, interval: str, starts_at: datetime, *, close: int = 500_000, trades: int = 1) -> None:
    prices = dict.fromkeys(("open", "high", "low", "close"), close)
    Candle.objects.create(
        market=market, outcome=0, interval=interval, starts_at=starts_at, volume=1, trades=trades, **prices
    )


def test_days_without_trades_count_as_none(monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(insights_market, "insights_of", lambda series: (seen.append(series), ([], 0))[1])
    midnight = NOW.replace(hour=0, minute=0)
    market = row_market(opened_at=NOW - 40 * DAY)
    young = row_market(opened_at=NOW - 3 * DAY)
    for days in (0, 1, 5, 27, 28, 35):
        _candle(market, "1d", midnight - days * DAY, trades=10 + days)
    _candle(market, "1h", NOW - 8 * DAY)
    _candle(market, "1h", NOW - timedelta(hours=2), close=600_000)
    _candle(market, "1m", NOW - 2 * DAY, trades=50)
    _candle(market, "1m", NOW - timedelta(hours=3), trades=4)
    alice = row_user("alice")
    for side in ("buy", "buy", "sell"):
        row_trade(market, row_order(market, alice), taker_side=side)
    with time_machine.travel(NOW, tick=False):
        # the market, and all that is known of it
        with django_assert_num_queries(2):
            market_insights(market.pk)
        market_insights(young.pk)
    series, other = seen
    assert len(series.days) == 27
    assert (series.days[0], series.days[-5], series.days[-1]) == (37, 15, 11)
    assert sum(series.days) == 37 + 15 + 11
    assert (list(series.hours), series.trades_24h, series.buys, series.fills) == ([0.6], 4, 2, 3)
    assert list(other.days) == [0, 0]
