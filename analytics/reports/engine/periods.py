"""Which days a report covers, and how they are cut into rows.

Contract   Days are days of UTC, as the rollups have them. A period ends with the last whole day before ``today``, so
           that the same period asked twice on one day is the same days.
           The first and the last week or month may be cut by the period; their rows begin on their own first day.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from analytics.reports.types import Definition, Grain, Period, Span

_DAY = timedelta(days=1)
_BACK = {Period.YESTERDAY: 1, Period.LAST_7_DAYS: 7, Period.LAST_30_DAYS: 30, Period.LAST_90_DAYS: 90}


def span_of(definition: Definition, *, today: date) -> Span:
    """The days of a definition that was checked."""
    period = definition.period
    if period is Period.CUSTOM:
        assert definition.first_on is not None
        assert definition.last_on is not None
        return Span(definition.first_on, definition.last_on)
    if period is Period.LAST_WEEK:
        monday = today - timedelta(days=today.weekday())
        return Span(monday - 7 * _DAY, monday - _DAY)
    if period is Period.LAST_MONTH:
        last_on = today.replace(day=1) - _DAY
        return Span(last_on.replace(day=1), last_on)
    return Span(today - _BACK[period] * _DAY, today - _DAY)


def row_days(span: Span, grain: Grain) -> tuple[date, ...]:
    """The first day of each row, in order."""
    return tuple(dict.fromkeys(first_day(day, grain) for day in _days(span)))


def first_day(day: date, grain: Grain) -> date:
    """The first day of the row that ``day`` belongs to."""
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain is Grain.MONTH else day


def words_of(span: Span) -> str:
    if span.first_on == span.last_on:
        return f"{span.first_on:%-d %B %Y}"
    return f"{span.first_on:%-d %B %Y} to {span.last_on:%-d %B %Y}"


def _days(span: Span) -> Iterator[date]:
    day = span.first_on
    while day <= span.last_on:
        yield day
        day += _DAY
