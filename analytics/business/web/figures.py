"""Figures as the pages show them: already words, each with the address of the rows behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from analytics.business.engine.catalogue import METRICS
from analytics.business.engine.values import change
from analytics.business.selectors.ranges import RangeQuery
from analytics.business.selectors.site_days import KeyFigure, day_lines
from analytics.business.selectors.values import shown
from analytics.business.types import Metric, Unit


@dataclass(frozen=True, slots=True)
class CardView:
    """``trend`` is its sign: up, down or flat; ``days`` are read by the script that draws the line."""

    metric: Metric
    number: str
    unit: str
    trend: str
    change: str
    days: str
    href: str


@dataclass(frozen=True, slots=True)
class ChartView:
    """One chart of lines over days; the script draws ``key`` from the page's data."""

    key: str
    title: str
    help: str
    #: Title, token of its colour, value of the last day, where its rows are.
    legend: tuple[tuple[str, str, str, str], ...]
    words: str


@dataclass(frozen=True, slots=True)
class FactView:
    """A figure in a list of figures; ``exact`` is shown on hover where ``shown`` is rounded."""

    metric: Metric
    shown: str
    href: str
    change: str = ""
    exact: str = ""


def rows_href(metric: str, start: date, end: date, **more: str) -> str:
    """Where the rows behind a figure are listed."""
    query = {"metric": metric, "start": start.isoformat(), "end": end.isoformat(), **more}
    return f"{reverse('business:rows')}?{urlencode(query)}"


def card(one: KeyFigure, asked: RangeQuery) -> CardView:
    number = shown(one.metric, one.value)
    unit = "credits" if one.metric.unit is Unit.CREDITS else ""
    unit = one.metric.unit.value if one.metric.unit in (Unit.POINTS, Unit.HOURS) else unit
    part = one.change
    trend = "flat" if not part or abs(part) < 0.005 else "up" if part > 0 else "down"
    days = ",".join("" if value is None else f"{value:g}" for value in one.days)
    href = rows_href(one.metric.name, asked.start, asked.end)
    return CardView(one.metric, number, unit, trend, _part(part), days, href)


def fact(name: str, value: int | float | None, asked: RangeQuery, before: int | float | None = None) -> FactView:
    metric = METRICS[name]
    return FactView(metric, shown(metric, value), rows_href(name, asked.start, asked.end), _part(change(value, before)))


def chart(
    key: str, title: str, names: Sequence[str], lines: dict[str, list[int | float | None]], asked: RangeQuery
) -> ChartView:
    legend = tuple(
        (METRICS[name].title, f"series-{place + 1}", _newest(name, lines), rows_href(name, asked.start, asked.end))
        for place, name in enumerate(names)
    )
    words = ". ".join(f"{label}: {newest} on the last day" for label, _, newest, _ in legend)
    return ChartView(key, title, " ".join(METRICS[name].formula for name in names), legend, words)


def chart_data(charts: Mapping[str, Sequence[str]], asked: RangeQuery) -> tuple[dict[str, Any], dict[str, Any]]:
    """Lines by metric; and what the script draws: days as seconds since the epoch, each chart's lines in its unit."""
    names = list(dict.fromkeys(name for group in charts.values() for name in group))
    lines = day_lines(names, start=asked.start, end=asked.end)
    times = [
        int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        for day in (asked.start + timedelta(days=place) for place in range(asked.days))
    ]
    drawn = {
        key: {"unit": METRICS[group[0]].unit, "lines": [_scaled(METRICS[name], lines[name]) for name in group]}
        for key, group in charts.items()
    }
    return lines, {"times": times, "charts": drawn}


def _newest(name: str, lines: dict[str, list[int | float | None]]) -> str:
    return shown(METRICS[name], lines[name][-1] if lines[name] else None)


def _scaled(metric: Metric, values: Sequence[int | float | None]) -> list[float | None]:
    scale = {Unit.CREDITS: 1e-8, Unit.SHARES: 1e-4, Unit.SHARE: 100.0}.get(metric.unit, 1.0)
    return [None if value is None else round(value * scale, 6) for value in values]


def _part(part: float | None) -> str:
    return "" if part is None else f"{part * 100:+,.0f} %".replace("-", "−")  # noqa: RUF001 - a minus sign
