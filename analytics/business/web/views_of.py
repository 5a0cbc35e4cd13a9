"""Tables, heat and lists of the pages, as words and classes: templates only place them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from analytics.business.engine.catalogue import METRICS
from analytics.business.engine.periods import beginning, following
from analytics.business.engine.retention import Cohort, mean_curve
from analytics.business.selectors.comebacks import CohortBy, Lifecycle, ReturnEvent, Step
from analytics.business.selectors.outlook import Outlook
from analytics.business.selectors.quality import Calibration
from analytics.business.selectors.ranges import RangeQuery
from analytics.business.selectors.revenue import Line
from analytics.business.selectors.rhythm import WEEKDAYS, Peaks, Segment
from analytics.business.selectors.site_days import day_lines
from analytics.business.selectors.totals import totals
from analytics.business.selectors.values import NONE_SHOWN, shown
from analytics.business.types import Grain
from analytics.business.web.figures import FactView, fact, rows_href
from analytics.business.web.people import EVERYBODY, cohort_name, segment_name, stage_name
from common.languages import dated
from common.money import format_cash
from monitoring.forecasting.selectors.daily import DailyForecast

#: Steps of colour in a heat table; 0 is empty.
HEATS: Final = 8
DAYS_SHOWN: Final = 14


@dataclass(frozen=True, slots=True)
class HeatCell:
    """``heat`` is the step of its colour, ``none`` for what isn't known."""

    text: str
    heat: int | str
    title: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class HeatRow:
    head: str
    cells: tuple[HeatCell, ...]
    size: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class HeatTable:
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """``part`` 0-100 is the width of the bar; ``exact`` is shown on hover where ``shown`` is rounded."""

    title: str
    shown: str
    part: int
    href: str = ""
    detail: str = ""
    exact: str = ""


@dataclass(frozen=True, slots=True)
class OutlookView:
    """``href``: the past that the forecasts were made from."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    reason: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class DayRow:
    day: date
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DayTable:
    heads: tuple[str, ...]
    rows: tuple[DayRow, ...]


def facts(names: Sequence[str], asked: RangeQuery) -> list[FactView]:
    """Each over the range, beside as many days before."""
    found = totals(names, start=asked.start, end=asked.end)
    return [fact(one.metric.name, one.value, asked, one.before) for one in found]


def day_table(names: Sequence[str], asked: RangeQuery) -> DayTable:
    """The newest days, newest first; each figure leads to its rows."""
    start = max(asked.start, asked.end - timedelta(days=DAYS_SHOWN))
    lines = day_lines(names, start=start, end=asked.end)
    rows = []
    for place in reversed(range((asked.end - start).days)):
        day = start + timedelta(days=place)
        cells = tuple(_linked(name, lines[name][place], day) for name in names)
        rows.append(DayRow(day, cells))
    return DayTable(tuple(METRICS[name].title for name in names), tuple(rows))


def _linked(name: str, value: int | float | None, day: date) -> tuple[str, str]:
    return shown(METRICS[name], value), "" if value is None else rows_href(name, day, day + timedelta(days=1))


def heat(peaks: Peaks, asked: RangeQuery) -> HeatTable:
    """Trades by weekday and hour; each cell leads to its days."""
    rows = tuple(_weekday(place, counts, peaks.most, asked) for place, counts in enumerate(peaks.grid))
    words = "Nothing was traded yet."
    if peaks.weekday is not None:
        words = f"Busiest on {peaks.weekday}s and at {peaks.hour}:00 UTC."
    return HeatTable(tuple(str(hour) if hour % 3 == 0 else "" for hour in range(24)), rows, words)


def _weekday(place: int, counts: Sequence[int], most: int, asked: RangeQuery) -> HeatRow:
    href = rows_href("trades", asked.start, asked.end, weekday=str(place + 1))
    cells = tuple(
        HeatCell(
            "",
            _heat(count, most),
            f"{WEEKDAYS[place]} {hour}:00 UTC: {count:,} trades",
            f"{href}&hour={hour}" if count else "",
        )
        for hour, count in enumerate(counts)
    )
    return HeatRow(WEEKDAYS[place][:3], cells, href=href if any(counts) else "")


def retention(grid: Sequence[Cohort], grain: Grain, *, by: CohortBy, event: ReturnEvent) -> HeatTable:
    """Newest cohort last; a cell that isn't over is empty, not zero."""
    ends = [following(cohort.start, grain) for cohort in grid]
    began = "sign_ups" if by is CohortBy.JOINED else "first_orders"
    rows = [
        HeatRow(
            _period(cohort.start, grain),
            _retention_cells(cohort, grid[place:], grain, cohort_name(cohort.start, ends[place], by=by, event=event)),
            f"{cohort.size:,}",
            rows_href(began, cohort.start, ends[place]),
        )
        for place, cohort in enumerate(grid)
    ]
    # A mean's rows are the people of every cohort that has come so far; who of them returned, the cells above tell.
    curve = tuple(
        _retention_cell(cell, None, rows_href(began, grid[0].start, ends[-1 - place]))
        for place, cell in enumerate(mean_curve(grid))
    )
    everybody = f"{sum(cohort.size for cohort in grid):,}"
    rows.append(HeatRow("Mean", curve, everybody, rows_href(began, grid[0].start, ends[-1]) if grid else ""))
    return HeatTable(tuple(str(place) for place in range(len(grid))), tuple(rows), "")


def lifecycle(found: Sequence[Lifecycle], grain: Grain) -> list[tuple[str, list[tuple[str, str]]]]:
    """Period, then each number with the address of its people; newest first."""
    rows = []
    for one in reversed(found):
        span = one.start, following(one.start, grain)
        before = beginning(one.start - timedelta(days=1), grain)
        cells = [(f"{one.active:,}", rows_href("active_traders", *span))]
        for stage in ("new", "returning", "resurrecting", "dormant"):
            count = getattr(one, stage)
            href = rows_href("active_traders", *span, who=stage_name(stage, before))
            cells.append((NONE_SHOWN, "") if count is None else (f"{count:,}", href))
        rows.append((_period(one.start, grain), cells))
    return rows


def groups(found: Sequence[Sequence[Segment]], asked: RangeQuery) -> list[list[tuple[Segment, str]]]:
    """Each segment with the address of its people."""
    return [
        [
            (one, rows_href("active_traders", asked.start, asked.end, who=segment_name(one.group, one.name)))
            for one in group
        ]
        for group in found
    ]


def topics(found: Sequence[Segment], asked: RangeQuery) -> list[tuple[Segment, str]]:
    """Each topic with the address of those who trade in it."""
    span = asked.start, asked.end
    return [(one, rows_href("active_traders", *span, topic=one.name, who=EVERYBODY)) for one in found]


def funnel(steps: Sequence[Step], asked: RangeQuery) -> list[Bar]:
    drills = {"joined": "sign_ups", "funded": "funded_traders", "ordered": "first_orders", "filled": "first_fills"}
    bars = []
    for step in steps:
        part = step.count / step.of if step.of else None
        words = "of those of the step before" if step.name != "second_week" else "of those whose second week is over"
        detail = "" if step.name == "joined" or part is None else f"{part * 100:.0f} % {words} ({step.of:,})"
        href = rows_href(drills.get(step.name, "active_traders"), asked.start, asked.end)
        bars.append(Bar(step.title, f"{step.count:,}", round(100 * step.count / (steps[0].count or 1)), href, detail))
    return bars


def calibration(found: Calibration, asked: RangeQuery) -> tuple[Calibration, list[Bar]]:
    """Bars of what happened in each tenth of probability."""
    bars = [
        Bar(
            f"{one.low * 100:.0f}-{one.high * 100:.0f} %",
            NONE_SHOWN if one.happened is None else f"{one.happened * 100:.0f} %",
            round(100 * (one.happened or 0)),
            rows_href("brier", asked.start, asked.end) if one.count else "",
            f"{one.count:,} outcomes" if one.forecast is None else f"{one.count:,}, mean {one.forecast * 100:.0f} %",
        )
        for one in found.bins
    ]
    return found, bars


def amounts(lines: Sequence[Line], asked: RangeQuery) -> list[FactView]:
    """To the unit on hover: these are held against the ledger."""
    return [exact_fact(line.metric.name, line.amount, asked) for line in lines]


def exact_fact(name: str, amount: int, asked: RangeQuery) -> FactView:
    return FactView(
        METRICS[name],
        _signed(shown(METRICS[name], amount)),
        rows_href(name, asked.start, asked.end),
        exact=exact_words(amount),
    )


def topic_amounts(found: Sequence[tuple[str, int]], asked: RangeQuery) -> list[Bar]:
    most = max((abs(amount) for _, amount in found), default=0) or 1
    return [
        Bar(
            topic or "Outside of topics",
            _signed(shown(METRICS["net_revenue"], amount)),
            round(100 * abs(amount) / most),
            rows_href("net_revenue", asked.start, asked.end, **({"topic": topic} if topic else {})),
            exact=exact_words(amount),
        )
        for topic, amount in found
    ]


def exact_words(units: int) -> str:
    return _signed(format_cash(units))


def outlooks(found: Sequence[Outlook], today: date) -> list[OutlookView]:
    """Each with its forecasts as rows of words: when, value, interval, skill."""
    reasons = {one.reason for one in found}
    if len(found) > 1 and len(reasons) == 1 and "" not in reasons:
        return [OutlookView(", ".join(one.metric.title for one in found), (), found[0].reason)]
    views = []
    for one in found:
        rows = [_forecast(one, forecast, _ahead(forecast.days_ahead)) for forecast in one.daily]
        if one.week is not None:
            rows.append(_forecast(one, one.week, "the 7 days from today"))
        href = rows_href(one.metric.name, today - timedelta(days=len(one.past)), today)
        views.append(OutlookView(one.metric.title, tuple(rows), one.reason, href))
    return views


def cohort_choices(*, by: CohortBy, event: ReturnEvent, every: str) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """Groups of links: words, address, whether it is the one that is shown."""
    now = {"by": by.value, "event": event.value, "every": every}
    groups = {
        "by": ("Cohort", {"joined": "by joining", "first_order": "by first order"}),
        "event": ("Came back", {"order": "with an order", "fill": "with a fill"}),
        "every": ("Each", {"weeks": "week", "months": "month"}),
    }
    return [
        (title, [(words, f"?{urlencode(now | {name: value})}", now[name] == value) for value, words in names.items()])
        for name, (title, names) in groups.items()
    ]


def periods_back(day: date, grain: Grain, count: int) -> date:
    """The beginning of the period ``count`` - 1 before the one of ``day``."""
    start = beginning(day, grain)
    for _ in range(count - 1):
        start = beginning(start - timedelta(days=1), grain)
    return start


def _retention_cells(cohort: Cohort, later: Sequence[Cohort], grain: Grain, who: str) -> tuple[HeatCell, ...]:
    """``later`` begins with the cohort itself: its cells are the periods that begin the others."""
    return tuple(
        _retention_cell(cell, count, rows_href("active_traders", one.start, following(one.start, grain), who=who))
        for cell, count, one in zip(cohort.cells, cohort.counts, later, strict=True)
    )


def _retention_cell(cell: float | None, count: int | None, href: str = "") -> HeatCell:
    if cell is None:
        return HeatCell("", "none", "not over yet, or nobody")
    people = "" if count is None else f"{count:,} people"
    return HeatCell(f"{cell * 100:.0f}", _heat(round(cell * 1_000), 1_000), people, href if count != 0 else "")


def _forecast(one: Outlook, forecast: DailyForecast, when: str) -> tuple[str, ...]:
    metric = one.metric
    interval = f"{shown(metric, forecast.low_80)} to {shown(metric, forecast.high_80)}"
    seasonal = NONE_SHOWN if forecast.seasonal_skill is None else f"{forecast.seasonal_skill * 100:z.0f} %"
    return when, shown(metric, forecast.value), interval, f"{forecast.skill * 100:z.0f} %", seasonal


def _ahead(days: int) -> str:
    return {1: "today", 2: "tomorrow"}.get(days, f"the day in {days - 1} days")


def _heat(value: int, most: int) -> int:
    return 0 if not value or not most else max(1, round(HEATS * value / most))


def _period(start: date, grain: Grain) -> str:
    return dated(start, "M Y" if grain is Grain.MONTH else "j M")


def _signed(text: str) -> str:
    return text.replace("-", "−")  # noqa: RUF001 - a minus sign
