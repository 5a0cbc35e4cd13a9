"""Forecasts of series with one value a day, for the apps above: their season is the week.

Contract   Plain Python, fit for web processes. Skill against the seasonal naive is against the same weekday of the last
           week that is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitoring.forecasting.engine.forecasts import Forecast, forecast

DAY_S: Final = 86_400
_DAY_MIN: Final = 1_440
_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class DailyForecast:
    """``low`` and ``high`` of the intervals that should hold four times in five, and 19 times in 20. ``error`` is the
    mean absolute error over ``tries`` that didn't choose the model. ``is_hidden``: the last value says as much."""

    days_ahead: int
    model: str
    value: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float
    skill: float
    seasonal_skill: float | None
    error: float
    tries: int
    is_hidden: bool


def daily_forecasts(values: Sequence[float | None], *, days_ahead: Sequence[int]) -> list[DailyForecast]:
    """A forecast for each horizon whose past is long enough; none at all for a short series. None is missing."""
    found = forecast(values, step_s=DAY_S, horizons_min=[days * _DAY_MIN for days in days_ahead], season=_WEEK)
    return [_daily(one) for one in found]


def _daily(one: Forecast) -> DailyForecast:
    eighty, most = one.intervals
    return DailyForecast(
        days_ahead=one.horizon_min // _DAY_MIN,
        model=one.model,
        value=one.value,
        low_80=eighty.low,
        high_80=eighty.high,
        low_95=most.low,
        high_95=most.high,
        skill=one.skill,
        seasonal_skill=one.seasonal_skill,
        error=one.error,
        tries=one.origins,
        is_hidden=one.is_hidden,
    )
