"""What the rows show sums to the figure that led to them, page by page."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from analytics.business.models import HourOfDay, LedgerDay
from analytics.business.selectors.drill import Span
from analytics.business.selectors.drill_hours import HourRow, When, hour_rows, hour_trades
from analytics.business.selectors.drill_revenue import revenue_rows
from analytics.business.selectors.revenue import revenue, revenue_by_topic
from analytics.business.selectors.rhythm import peaks
from common.paging import Page
from tests.analytics.business.days import Days
from trading.models import Trade

pytestmark = pytest.mark.django_db
START, END = date(2026, 6, 1), date(2026, 6, 9)
SPAN = Span(START, END)


def walk(page: Callable[[str | None], Any]) -> list[Any]:
    rows, cursor = [], None
    while True:
        found = page(cursor)
        rows += found.items
        cursor = found.next_cursor
        if cursor is None:
            return rows


def revenue_of(span: Span, *, only_unexplained: bool = False) -> list[Any]:
    return walk(lambda cursor: revenue_rows(span, limit=3, cursor=cursor, only_unexplained=only_unexplained))


def test_rows_of_net_revenue_sum_to_it_and_to_its_sources(lived: Days) -> None:
    rows, told = revenue_of(SPAN), revenue(start=START, end=END)
    assert sum(row.net for row in rows) == told.net != 0
    sums = [
        sum(getattr(row, name) for row in rows) for name in ("taker_fees", "maker_fees", "refunded", "maker_result")
    ]
    assert sums == [line.amount for line in told.sources]
    assert len({(row.day, row.market_id) for row in rows}) == len(rows) > 3


def test_rows_of_a_topic_sum_to_its_net_revenue(lived: Days) -> None:
    for topic, amount in revenue_by_topic(start=START, end=END):
        assert sum(row.net for row in revenue_of(Span(START, END, topic=topic))) == amount


def test_what_no_source_explains_is_found(lived: Days) -> None:
    assert revenue_of(SPAN, only_unexplained=True) == []
    line = LedgerDay.objects.filter(account_kind="fees", transfer_kind="trade").order_by("day", "market_id")[0]
    line.amount += 5
    line.save(update_fields=["amount"])
    assert [(row.day, row.market_id, row.unexplained) for row in revenue_of(SPAN, only_unexplained=True)] == [
        (line.day, line.market_id, 5)
    ]


def test_hours_and_their_trades_are_those_of_the_cell(lived: Days) -> None:
    seen = 0
    for weekday, counts in enumerate(peaks(start=START, end=END).grid):
        for hour, count in enumerate(counts):
            rows = walk(partial(hours_of, When(weekday + 1, hour)))
            assert sum(row.trades for row in rows) == count
            seen += sum(check_trades(row) for row in rows)
    assert seen == Trade.objects.count() > 0


def hours_of(when: When, cursor: str | None) -> Page[HourRow]:
    return hour_rows(when, SPAN, limit=1, cursor=cursor)


def check_trades(row: HourRow) -> int:
    trades = walk(lambda cursor: hour_trades(row.day, row.hour, limit=2, cursor=cursor))
    assert (len(trades), sum(one.trade.cost for one in trades)) == (row.trades, row.volume)
    return len({one.trade.id for one in trades})


def test_all_hours_are_listed_without_a_choice(lived: Days) -> None:
    rows = walk(lambda cursor: hour_rows(When(), SPAN, limit=2, cursor=cursor))
    assert len(rows) == HourOfDay.objects.filter(trades__gt=0).count()
