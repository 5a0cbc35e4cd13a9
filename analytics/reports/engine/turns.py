"""When a scheduled report has its turns.

Contract   A turn is a time on a wall clock of a named zone. Where the clock jumps over it in spring, the turn is as
           much later as the clock jumped; where the clock shows it twice in autumn, it is the first of the two.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from analytics.reports.types import Cadence, Timing

_DAY = timedelta(days=1)


def turn_after(timing: Timing, moment: datetime) -> datetime:
    """The first turn later than ``moment``, in UTC."""
    return next(turn for turn in _turns(timing, moment) if turn > moment)


def latest_turn(timing: Timing, moment: datetime) -> datetime:
    """The newest turn that isn't later than ``moment``; turns that were missed before it are not made up for."""
    last = None
    for turn in _turns(timing, moment - timedelta(days=63)):
        if turn > moment:
            break
        last = turn
    assert last is not None, "two months hold a turn of every cadence"
    return last


def _turns(timing: Timing, moment: datetime) -> Iterator[datetime]:
    """All turns from a day before ``moment`` on."""
    zone = ZoneInfo(timing.time_zone)
    day = moment.astimezone(zone).date() - _DAY
    while True:
        if _has_turn(timing, day):
            # A time that doesn't exist is read with the offset before the jump, which makes it later.
            yield datetime.combine(day, timing.at, zone).astimezone(UTC)
        day += _DAY


def _has_turn(timing: Timing, day: date) -> bool:
    if timing.cadence is Cadence.WEEKLY:
        return day.weekday() == timing.weekday
    if timing.cadence is Cadence.MONTHLY:
        is_last = (day + _DAY).day == 1
        return day.day == timing.day or (is_last and timing.day > day.day)
    return True
