"""The site's days, and the key figures that come from them.

Bound      One statement that reads one row a day, however much happened on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from analytics.business.engine.catalogue import METRICS
from analytics.business.engine.values import change, value_of
from analytics.business.models import SiteDay
from analytics.business.types import Metric

#: What is told first, in this order.
KEY_FIGURES: Final = (
    "volume", "trades", "mau", "dau", "stickiness", "sign_ups", "fee_revenue", "net_revenue", "fee_yield",
    "markets_resolved", "brier", "hours_to_resolve", "dispute_rate", "price_impact", "wash_share",
)  # fmt: skip
_NAMES: Final = tuple(field.name for field in SiteDay._meta.fields if field.name != "day")


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """``days``: the figure of each day of the span, oldest first. ``before`` is that of the span before."""

    metric: Metric
    value: int | float | None
    before: int | float | None
    days: tuple[int | float | None, ...]

    @property
    def change(self) -> float | None:
        return change(self.value, self.before)


Days = Mapping[date, Mapping[str, int]]


def site_days(start: date, end: date) -> dict[date, dict[str, int]]:
    """Sums by measure of the days in ``[start, end)`` that are known, oldest first."""
    rows = SiteDay.objects.filter(day__gte=start, day__lt=end).order_by("day").values_list("day", *_NAMES)
    return {row[0]: dict(zip(_NAMES, row[1:], strict=True)) for row in rows}


def key_figures(*, end: date, span_days: int, names: Sequence[str] = KEY_FIGURES) -> list[KeyFigure]:
    """The key figures of the ``span_days`` days before ``end``, beside those of as many days before."""
    middle, start = end - timedelta(days=span_days), end - timedelta(days=2 * span_days)
    days = site_days(start, end)
    return [_key_figure(METRICS[name], days, start, middle, end) for name in names]


def _key_figure(metric: Metric, days: Days, start: date, middle: date, end: date) -> KeyFigure:
    every = [middle + timedelta(days=place) for place in range((end - middle).days)]
    line = tuple(value_of(metric, days[day]) if day in days else None for day in every)
    return KeyFigure(metric, _over(metric, days, middle, end), _over(metric, days, start, middle), line)


def _over(metric: Metric, days: Days, start: date, end: date) -> int | float | None:
    names = (*metric.numerator, *metric.denominator)
    sums = {name: sum(row[name] for day, row in days.items() if start <= day < end) for name in names}
    return value_of(metric, sums)


def day_lines(names: Sequence[str], *, start: date, end: date) -> dict[str, list[int | float | None]]:
    """Each metric by day over ``[start, end)``; None where a day isn't known or a ratio has nothing to be of."""
    days = site_days(start, end)
    every = [start + timedelta(days=place) for place in range((end - start).days)]
    return {name: [value_of(METRICS[name], days[day]) if day in days else None for day in every] for name in names}
