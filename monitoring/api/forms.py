"""What may be asked about measurements; every mistake is told at once, with its field and the fix."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

from django.http import HttpRequest

from common import clock
from common.api.fields import Fields
from monitoring.engine.catalogue import CATALOGUE
from monitoring.engine.layout import By, is_dimension
from monitoring.engine.spans import DAY_S, DEFAULT, SPANS
from monitoring.models import EventKind

SERIES_MAX: Final = 20
SPAN_MAX: Final = timedelta(days=731)
#: A clock that is a little ahead isn't a mistake.
AHEAD_MAX: Final = timedelta(minutes=1)
STEP_MIN_S: Final = 10
STEP_MAX_S: Final = 7 * DAY_S
POINTS_MAX: Final = 600
LIMIT_DEFAULT: Final = 100
LIMIT_MAX: Final = 500


class Aggregate(StrEnum):
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    SUM = "sum"
    COUNT = "count"
    LAST = "last"


class Compare(StrEnum):
    NOTHING = ""
    LAST_WEEK = "last_week"


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """``series`` are names; ``step_s`` None leaves the step to the store."""

    series: tuple[str, ...]
    dimension: str
    by: By
    start: datetime
    end: datetime
    step_s: int | None
    aggregate: Literal["mean", "min", "max", "sum", "count", "last"]
    is_compared: bool


@dataclass(frozen=True, slots=True)
class EventQuery:
    start: datetime
    end: datetime
    kinds: tuple[str, ...]
    limit: int


def history_query(request: HttpRequest) -> HistoryQuery:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request, lists=("series",))
    series = _series(fields)
    dimension, by = _dimension(fields), fields.choice("by", By, default=By.SITE, only=(By.PROCESS, By.ROUTE))
    if dimension and by is not By.SITE:
        fields.refuse("by", "field.conflict", "Leave out dimension to break down, or by to see one dimension.")
    start, end = moments(fields)
    step_s = _step(fields, end - start)
    aggregate = fields.choice("aggregate", Aggregate, default=Aggregate.MEAN)
    compare = fields.choice("compare", Compare, default=Compare.NOTHING, only=(Compare.LAST_WEEK,))
    fields.finish()
    return HistoryQuery(series, dimension, by, start, end, step_s, aggregate.value, compare is Compare.LAST_WEEK)


def breakdown_query(request: HttpRequest) -> tuple[By, datetime, datetime]:
    """Raises: RequestInvalid"""
    fields = Fields.of_query(request)
    by = fields.choice("by", By, only=(By.PROCESS, By.ROUTE))
    start, end = moments(fields, default="15m")
    fields.finish()
    return by, start, end


def event_query(request: HttpRequest, *, default: str = "24h", kinds: tuple[str, ...] = ()) -> EventQuery:
    """``kinds`` given: not the caller's to choose.

    Raises: RequestInvalid
    """
    fields = Fields.of_query(request, lists=("kind",))
    if not kinds:
        kinds = fields.listed("kind")
        if set(kinds) - set(EventKind.values):
            fields.refuse("kind", "field.not_a_choice", f"Send some of: {', '.join(EventKind.values)}.")
    limit = fields.integer("limit", low=1, high=LIMIT_MAX, default=LIMIT_DEFAULT)
    start, end = moments(fields, default=default)
    fields.finish()
    return EventQuery(start, end, kinds, limit)


def moments(fields: Fields, *, default: str = DEFAULT) -> tuple[datetime, datetime]:
    """``range``, which ends now, or ``start`` and ``end``."""
    now = clock.now()
    span = fields.text("range", length_max=8)
    start, end = fields.moment("start"), fields.moment("end")
    if span and span not in SPANS:
        fields.refuse("range", "field.not_a_choice", f"Send one of: {', '.join(SPANS)}.")
    elif span and (start or end):
        fields.refuse("range", "field.conflict", "Send range, or start and end.")
    elif end is not None and start is None:
        fields.refuse("start", "field.required", "Send start with end, or range alone.")
    if start is None:
        return now - timedelta(seconds=SPANS.get(span or default, SPANS[default])), now
    return _checked(fields, start, end or now, now)


def _checked(fields: Fields, start: datetime, end: datetime, now: datetime) -> tuple[datetime, datetime]:
    if start >= end:
        fields.refuse("start", "field.out_of_range", "Send a start before end (which is now unless given).")
    elif end > now + AHEAD_MAX:
        fields.refuse("end", "field.out_of_range", "Send an end that isn't in the future.")
    elif end - start > SPAN_MAX:
        fields.refuse("start", "field.out_of_range", "Ask for two years at most.")
    return start, end


def _series(fields: Fields) -> tuple[str, ...]:
    series = fields.listed("series")
    unknown = [name for name in series if name not in CATALOGUE]
    if unknown:
        detail = f"There is no series {unknown[0][:60]!r}. GET metrics/current lists them."
        fields.refuse("series", "field.not_a_choice", detail)
    elif not 1 <= len(series) <= SERIES_MAX:
        fields.refuse("series", "field.required", f"Name 1 to {SERIES_MAX} series, such as cpu_usage,response_time.")
    return series


def _dimension(fields: Fields) -> str:
    dimension = fields.text("dimension")
    if not is_dimension(dimension):
        fields.refuse("dimension", "field.not_a_choice", 'Send "process:" and a process, or "route:" and a route.')
    return dimension


def _step(fields: Fields, span: timedelta) -> int | None:
    step_s = fields.optional_integer("step", low=STEP_MIN_S, high=STEP_MAX_S)
    least = span.total_seconds() / POINTS_MAX
    if step_s is not None and step_s < least:
        detail = f"Send at least {int(least) + 1} s: an answer has at most {POINTS_MAX} points."
        fields.refuse("step", "field.out_of_range", detail)
    return step_s
