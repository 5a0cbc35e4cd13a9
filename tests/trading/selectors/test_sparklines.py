from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from common.clock import now
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


@time_machine.travel(NOW, tick=False)
def test_up_to_so_many_hours_are_answered_as_they_are() -> None:
    young, busy = row_market(), row_market()
    for hours_ago in range(12):
        _candle(young.pk, hours_ago, 500_000 + hours_ago)
    for hours_ago in range(24 * 7):
        _candle(busy.pk, hours_ago, 500_000 + hours_ago)
    histories = sparklines([young.pk, busy.pk], parts=12)
    assert len(histories[young.pk].points) == 12 + 2
    assert histories[young.pk].points[1:-1] == tuple(
        (604_800 - 3_600 * ago, 500_000 + ago) for ago in range(11, -1, -1)
    )
    # Of each fourteen hours the last.
    assert histories[busy.pk].points == (
        (0, 499_167),
        *((3_600 * (14 * part - 1), 500_169 - 14 * part) for part in range(1, 12)),
        (604_800, 500_000),
        (604_800, 500_000),
    )


@time_machine.travel(NOW, tick=False)
def test_a_price_at_either_end_and_an_hour_of_a_clock_that_is_ahead() -> None:
    market = row_market()
    for hours_ago, close in ((24 * 7, 1_000_000), (3, 1_000), (-1, 1_000_000)):
        _candle(market.pk, hours_ago, close)
    for parts in (1, 2, 48, 169):
        points = sparklines([market.pk], parts=parts)[market.pk].points
        assert (points[0], points[-2], points[-1]) == ((0, 999_000), (608_400, 1_000_000), (604_800, 1_000_000))
    assert points[1:3] == ((0, 1_000_000), (594_000, 1_000))


@pytest.mark.parametrize("moment", ["2026-11-22 09:59:59.999999", "2026-11-22 10:00:00", "2026-12-31 23:59:59.5"])
def test_the_span_begins_and_ends_at_any_moment(moment: str) -> None:
    with time_machine.travel(datetime.fromisoformat(moment).replace(tzinfo=UTC), tick=False):
        market, hour = row_market(), now().replace(minute=0, second=0, microsecond=0)
        for hours_ago in range(24 * 7 + 2):
            prices = dict.fromkeys(("open", "high", "low", "close"), 500_000)
            starts_at = hour - timedelta(hours=hours_ago)
            Candle.objects.create(
                market_id=market.pk, outcome=0, interval="1h", starts_at=starts_at, volume=1, trades=1, **prices
            )
        points = sparklines([market.pk])[market.pk].points
    xs = [x for x, _ in points]
    assert len(points) == (169 if hour == now_of(moment) else 168) + 2
    assert xs == sorted(xs)
    assert 0 <= xs[1] < 3_600


def now_of(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def test_many_markets_are_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        assert sparklines(range(1, 30)) == {}
