"""Words of reports, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum


class Format(StrEnum):
    """What a report is written as."""

    HTML = "html"
    PDF = "pdf"
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


class Grain(StrEnum):
    """What one row covers; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Period(StrEnum):
    """Which days, seen from the day on which the report is made; all but ``CUSTOM`` end before that day."""

    YESTERDAY = "yesterday"
    LAST_7_DAYS = "last_7_days"
    LAST_30_DAYS = "last_30_days"
    LAST_90_DAYS = "last_90_days"
    LAST_WEEK = "last_week"
    LAST_MONTH = "last_month"
    CUSTOM = "custom"


class Cadence(StrEnum):
    """How often a report is made by itself."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Delivery(StrEnum):
    """How a scheduled report reaches its readers."""

    IN_APP = "in_app"
    LINK = "link"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class Definition:
    """What a report shows. ``first_on`` and ``last_on``, both inclusive, are for the custom period only."""

    title: str
    metrics: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    period: Period = Period.LAST_30_DAYS
    first_on: date | None = None
    last_on: date | None = None
    grain: Grain = Grain.DAY
    format: Format = Format.PDF


@dataclass(frozen=True, slots=True)
class Timing:
    """When a definition is made into a report. ``weekday`` counts from Monday, 0; ``day`` of the month, from 1; a month
    that is shorter has its turn on its last day."""

    cadence: Cadence
    at: time
    time_zone: str
    weekday: int = 0
    day: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days of UTC, both inclusive."""

    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric of the catalogue, as far as a report needs to know it."""

    name: str
    title: str
    formula: str
    unit: str
    dimensions: tuple[str, ...]
    #: What its reader must be allowed.
    permission: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """``values`` of the dimensions, in the order they were asked for; ``value`` in the metric's unit, credits in
    integer units of cash and shares in lots, ``None`` when there is none."""

    day: date
    values: tuple[str, ...]
    value: int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """``unit`` is empty for texts, ``day`` for dates."""

    name: str
    title: str
    unit: str
    help: str = ""


Cell = int | float | str | date | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in order of time, then of dimensions. ``totals`` has a cell for each column: the value over the whole
    period, which is a sum only where sums mean something."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart; a point for each period, ``None`` where there is no value."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """The first metric over time."""

    title: str
    unit: str
    days: tuple[date, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """A report before it is written in a format. ``facts`` are the lines at its head: what and whence."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    table: Table
    chart: Chart | None
    notes: tuple[tuple[str, str], ...]
