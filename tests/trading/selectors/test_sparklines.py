from datetime import timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from tests.factories.rows import NOW, row_market
from trading.models import Candle
from trading.selectors.sparklines import sparklines

pytestmark = pytest.mark.django_db


def _candle(market_id: int, hours_ago: int, close: int, *, interval: str = "1h", outcome: int = 0) -> None:
    prices = {"open": close - 1_000, "high": close, "low": close - 1_000, "close": close}
    starts_at = NOW - timedelta(hours=hours_ago)
    Candle.objects.create(
        market_id=market_id, outcome=outcome, interval=interval, starts_at=starts_at, volume=1, trades=1, **prices
    )


@time_machine.travel(NOW, tick=False)
def test_hourly_closes_of_seven_days_from_the_first_open_to_now() -> None:
    market = row_market()
    for hours_ago, close in ((24 * 8, 100_000), (24 * 6, 400_000), (12, 500_000)):
        _candle(market.pk, hours_ago, close)
    _candle(market.pk, 5, 900_000, interval="1m")
    _candle(market.pk, 5, 900_000, outcome=1)
    history = sparklines([market.pk])[market.pk]
    assert history.span_s == 604_800
    assert history.points == ((0, 399_000), (86_400, 400_000), (561_600, 500_000), (604_800, 500_000))


def test_many_markets_are_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert sparklines(range(1, 30)) == {}
