"""Two weeks as rows of bars: silences, mute times, and who is on call; drawn by the server as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext

from alerting.engine.documents import hours_of
from alerting.engine.hours import is_within
from alerting.models import MuteTime, Silence
from alerting.selectors.schedules import all_schedules, turns
from common.languages import dated

DAYS: Final = 14
#: Units of a day on the axis.
DAY_WIDTH: Final = 100
_STEP: Final = timedelta(minutes=30)
_ROWS_MAX: Final = 30
_MINUTE: Final = "D j M H:i"


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    width: float
    text: str
    title: str
    tone: int


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    kind: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """``now_x`` is where now is; ``days`` are the beginnings with their places."""

    rows: tuple[Row, ...]
    days: tuple[tuple[float, datetime], ...]
    width: int
    now_x: float


def calendar_of(silences: Sequence[Silence], now: datetime) -> Calendar:
    """From the beginning of today on."""
    start = now.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = [*_schedule_rows(start), *_mute_rows(start), *(_silence_row(one, start) for one in silences)]
    days = tuple((number * DAY_WIDTH, start + timedelta(days=number)) for number in range(DAYS))
    shown = tuple(row for row in rows if row.bars)[:_ROWS_MAX]
    return Calendar(shown, days, DAYS * DAY_WIDTH, _x(now, start))


def _schedule_rows(start: datetime) -> list[Row]:
    found = []
    for schedule in all_schedules():
        people: dict[str, int] = {}
        bars = []
        for turn in turns(schedule.name, start=start, days=DAYS):
            if turn.person:
                tone = people.setdefault(turn.person, len(people) % 6 + 1)
                bars.append(_bar(turn.starts_at, turn.ends_at, start, turn.person, tone))
        found.append(Row(schedule.name, "On call", tuple(bars)))
    return found


def _mute_rows(start: datetime) -> list[Row]:
    """Half hours that are within, joined."""
    found = []
    for mute in MuteTime.objects.filter(is_enabled=True):
        hours, bars, since = hours_of(mute.hours), list[Bar](), None
        for number in range(DAYS * 48 + 1):
            at = start + number * _STEP
            inside = number < DAYS * 48 and is_within(hours, at.timestamp())
            if inside and since is None:
                since = at
            elif not inside and since is not None:
                bars.append(_bar(since, at, start, mute.name, 5))
                since = None
        found.append(Row(mute.name, "Mute time", tuple(bars)))
    return found


def _silence_row(silence: Silence, start: datetime) -> Row:
    end = start + timedelta(days=DAYS)
    begin, until = max(silence.starts_at, start), min(silence.ends_at, end)
    bars = (_bar(begin, until, start, silence.comment or silence.author, 2),) if until > begin else ()
    return Row(silence.matchers, "Silence", bars)


def _bar(begin: datetime, until: datetime, start: datetime, text: str, tone: int) -> Bar:
    ends = {"begin": dated(begin, _MINUTE), "until": dated(until, _MINUTE)}
    title = f"{text}: " + gettext("%(begin)s to %(until)s UTC") % ends
    x = _x(begin, start)
    width = max(_x(until, start) - x, 2.0)
    return Bar(x, width, text if width > 8 * len(text) else "", title, tone)


def _x(at: datetime, start: datetime) -> float:
    return round((at - start) / timedelta(days=1) * DAY_WIDTH, 2)
