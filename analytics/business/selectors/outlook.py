"""What is expected of the key figures: forecasts with intervals, and what they are worth.

Contract   From whole days only: today isn't over. A forecast of something that can't be below zero has no interval
           below it. Without enough past there is a reason instead of a guess.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from analytics.business.engine.catalogue import METRICS
from analytics.business.selectors.site_days import day_lines
from analytics.business.types import Metric, Unit
from common.caching.memory_cache import memory_cache
from monitoring.forecasting.selectors.daily import DailyForecast, daily_forecasts

FORESEEN: Final = ("volume", "trades", "dau", "sign_ups", "fee_revenue")
#: After the last whole day, which is yesterday: today, tomorrow, in one, two and four weeks.
DAYS_AHEAD: Final = (1, 2, 8, 15, 29)
PAST_DAYS: Final = 180
#: Fewer days say nothing of weeks.
DAYS_MIN: Final = 35
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class Outlook:
    """``daily`` of single days, ``week`` of the sum of the next seven; ``reason`` when there is none.

    ``past`` ends yesterday; values in the units of the metric's sums.
    """

    metric: Metric
    past: tuple[int | float | None, ...]
    daily: tuple[DailyForecast, ...]
    week: DailyForecast | None
    reason: str


@memory_cache(300)
def outlooks(*, today: date) -> list[Outlook]:
    """Of every figure of ``FORESEEN``."""
    lines = day_lines(FORESEEN, start=today - timedelta(days=PAST_DAYS), end=today)
    return [_outlook(METRICS[name], values) for name, values in lines.items()]


def _outlook(metric: Metric, values: list[int | float | None]) -> Outlook:
    first = next((place for place, value in enumerate(values) if value is not None), len(values))
    past = values[first:]
    if len(past) < DAYS_MIN:
        reason = f"A forecast needs {DAYS_MIN} whole days; there are {len(past)}."
        return Outlook(metric, tuple(past), (), None, reason)
    daily = daily_forecasts(past, days_ahead=DAYS_AHEAD)
    week = daily_forecasts(_weeks(past), days_ahead=[_WEEK])
    can_be_less = metric.unit is Unit.CREDITS and metric.name != "volume"
    if not can_be_less:
        daily, week = [_from_zero(one) for one in daily], [_from_zero(one) for one in week]
    return Outlook(metric, tuple(past), tuple(daily), week[0] if week else None, "")


def _weeks(values: list[int | float | None]) -> list[float | None]:
    """The sum of the seven days that end with each day."""
    known = [value or 0 for value in values]
    return [sum(known[place - _WEEK + 1 : place + 1]) for place in range(_WEEK - 1, len(known))]


def _from_zero(one: DailyForecast) -> DailyForecast:
    floors = {name: max(0.0, getattr(one, name)) for name in ("value", "low_80", "low_95", "high_80", "high_95")}
    return replace(one, **floors)
