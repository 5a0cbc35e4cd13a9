from datetime import timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from tests.factories.rows import NOW, row_market
from trading.models import Candle
from trading.web.drawn_lines import drawn_lines

pytestmark = pytest.mark.django_db


@time_machine.travel(NOW, tick=False)
def test_markets_that_traded_this_week_are_drawn_with_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    traded, idle = row_market(), row_market()
    Candle.objects.create(
        market=traded, outcome=0, interval="1h", starts_at=NOW - timedelta(hours=84), volume=1, trades=1,
        open=400_000, high=600_000, low=400_000, close=600_000,
    )  # fmt: skip
    with django_assert_num_queries(1):
        found = drawn_lines((traded.pk, idle.pk))
    line = found.get(traded.pk)
    assert line is not None
    assert line.line == "M0 41.1H150V2.9H300V2.9"
    assert idle.pk not in found
