from datetime import date

import pytest

from analytics.reports.engine.periods import row_days, span_of, words_of
from analytics.reports.types import Definition, Grain, Period, Span

#: A Sunday.
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("period", "first_on", "last_on"),
    [
        (Period.YESTERDAY, date(2026, 11, 21), date(2026, 11, 21)),
        (Period.LAST_7_DAYS, date(2026, 11, 15), date(2026, 11, 21)),
        (Period.LAST_30_DAYS, date(2026, 10, 23), date(2026, 11, 21)),
        (Period.LAST_90_DAYS, date(2026, 8, 24), date(2026, 11, 21)),
        (Period.LAST_WEEK, date(2026, 11, 9), date(2026, 11, 15)),
        (Period.LAST_MONTH, date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_a_period_ends_before_today(period: Period, first_on: date, last_on: date) -> None:
    assert span_of(Definition("T", ("trades",), period=period), today=TODAY) == Span(first_on, last_on)


def test_days_of_ones_own_choice() -> None:
    chosen = Definition("T", ("trades",), period=Period.CUSTOM, first_on=date(2026, 1, 5), last_on=date(2026, 1, 5))
    assert span_of(chosen, today=TODAY) == Span(date(2026, 1, 5), date(2026, 1, 5))


def test_rows_begin_on_the_first_day_of_their_week_or_month() -> None:
    span = Span(date(2026, 10, 29), date(2026, 11, 9))
    assert len(row_days(span, Grain.DAY)) == 12
    assert row_days(span, Grain.WEEK) == (date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9))
    assert row_days(span, Grain.MONTH) == (date(2026, 10, 1), date(2026, 11, 1))


def test_a_span_in_words() -> None:
    assert words_of(Span(TODAY, TODAY)) == "22 November 2026"
    assert words_of(Span(date(2026, 11, 1), TODAY)) == "1 November 2026 to 22 November 2026"
