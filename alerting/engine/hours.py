"""Moments of the calendar: "weekdays from 9 to 17 in Lisbon", as Alertmanager's time intervals.

Contract   ``is_within`` looks at the clock on the wall of the zone; clock ranges exclude their end, all others include
           theirs. A day of the month below 0 counts from its end; days that a month hasn't are left out.
Bound      ``next_within`` looks ``HORIZON_DAYS`` ahead.
"""

import calendar
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerting.errors import IntervalInvalid
from alerting.types import Clock, Hours, Span

HORIZON_DAYS: Final = 400
_DAY: Final = 1_440
_LIMITS: Final = {"weekdays": (0, 6), "days": (-31, 31), "months": (1, 12), "years": (1970, 9999)}


def hours(
    name: str,
    zone: str = "UTC",
    *,
    clocks: Iterable[tuple[str, str]] = (),
    weekdays: Iterable[Span] = (),
    days: Iterable[Span] = (),
    months: Iterable[Span] = (),
    years: Iterable[Span] = (),
) -> Hours:
    """``clocks`` are pairs such as ("09:00", "17:30"); the end may be "24:00".

    Raises: IntervalInvalid
    """
    try:
        where = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise IntervalInvalid(f"There is no time zone {zone!r}; write it as Europe/Lisbon.", field="zone") from error
    spans = {"weekdays": tuple(weekdays), "days": tuple(days), "months": tuple(months), "years": tuple(years)}
    for field, found in spans.items():
        _check_spans(field, found)
    return Hours(name, where, tuple(_clock(*pair) for pair in clocks), **spans)


def is_within(one: Hours, at: float) -> bool:
    local = datetime.fromtimestamp(at, one.zone)
    minute = local.hour * 60 + local.minute
    return _has_day(one, local) and (not one.clocks or any(clock.start <= minute < clock.end for clock in one.clocks))


def is_within_any(several: Iterable[Hours], at: float) -> bool:
    return any(is_within(one, at) for one in several)


def next_within(one: Hours, at: float) -> float | None:
    """The first moment from ``at`` on that is within, to the minute; None when there is none in sight."""
    if is_within(one, at):
        return at
    local = datetime.fromtimestamp(at, one.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for days in range(HORIZON_DAYS):
        day = midnight + timedelta(days=days)
        for clock in sorted(one.clocks) or [Clock(0, _DAY)]:
            # The wall clock is added, then read in the zone: right on days that have 23 or 25 hours as well.
            start = (day + timedelta(minutes=clock.start)).timestamp()
            if start > at and is_within(one, start):
                return start
    return None


def _has_day(one: Hours, local: datetime) -> bool:
    return (
        _in(one.weekdays, local.weekday())
        and _in(one.months, local.month)
        and _in(one.years, local.year)
        and (not one.days or any(_has_date(span, local) for span in one.days))
    )


def _in(spans: tuple[Span, ...], value: int) -> bool:
    return not spans or any(first <= value <= end for first, end in spans)


def _has_date(span: Span, local: datetime) -> bool:
    length = calendar.monthrange(local.year, local.month)[1]
    first, end = (value if value > 0 else length + value + 1 for value in span)
    return max(first, 1) <= local.day <= min(end, length)


def _clock(start: str, end: str) -> Clock:
    found = Clock(_minute(start), _minute(end))
    if found.start >= found.end:
        raise IntervalInvalid(
            f"{start} to {end} ends before it starts; write the night as two ranges, to 24:00 and from 00:00.",
            field="clocks",
        )
    return found


def _minute(text: str) -> int:
    hour, colon, minute = text.partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and len(hour) == len(minute) == 2):
        raise IntervalInvalid(f"Write the time {text!r} as 09:30.", field="clocks")
    found = int(hour) * 60 + int(minute)
    if found > _DAY or int(minute) > 59:
        raise IntervalInvalid(f"{text} is no time of a day; they end with 24:00.", field="clocks")
    return found


def _check_spans(field: str, spans: tuple[Span, ...]) -> None:
    low, high = _LIMITS[field]
    for first, end in spans:
        if not (low <= first <= high and low <= end <= high) or (field == "days" and 0 in (first, end)):
            raise IntervalInvalid(f"{field} go from {low} to {high}.", field=field)
        if first > end and (first > 0) == (end > 0):
            raise IntervalInvalid(f"{field} {first} to {end} end before they start.", field=field)
