"""Days, weeks and months of UTC as spans of dates. Weeks begin on Monday."""

from collections.abc import Iterator
from datetime import date, timedelta

from analytics.business.types import Grain


def beginning(day: date, grain: Grain) -> date:
    """The first day of the period that ``day`` is in; the day itself for days and totals."""
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain is Grain.MONTH else day


def following(start: date, grain: Grain) -> date:
    """The first day of the period after the one that begins at ``start``."""
    if grain is Grain.MONTH:
        return (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    return start + timedelta(days=7 if grain is Grain.WEEK else 1)


def periods(start: date, end: date, grain: Grain) -> Iterator[date]:
    """Beginnings of the periods that touch ``[start, end)``; a total is one period."""
    if grain is Grain.TOTAL:
        yield start
        return
    current = beginning(start, grain)
    while current < end:
        yield current
        current = following(current, grain)
