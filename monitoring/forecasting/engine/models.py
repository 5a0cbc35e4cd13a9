"""Simple forecasts of one series on an even grid, each made at many origins in one pass.

Contract   Pure. ``series`` has no gaps (``grid.filled``). A forecast at origin ``t`` uses values up to ``t`` only. The
           answer has a list per origin with a value per horizon (in steps); None where the model needs a longer past.
Bound      Linear in the length of the series, whatever the number of origins.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Forecasts = list[list[float | None]]
#: Steps that drift and linear regression look back.
LOOK_BACK: Final = 72
_DAMPING: Final = 0.98
#: Weights of level, trend and season that Holt-Winters chooses among.
_WEIGHTS: Final = ((0.1, 0.005, 0.1), (0.3, 0.02, 0.15), (0.6, 0.05, 0.2))
_THETA_WEIGHTS: Final = (0.1, 0.4, 0.8)


@dataclass(frozen=True, slots=True)
class Task:
    """``origins`` are indices of ``series``, rising; ``day`` and ``week`` are lengths of seasons in steps."""

    series: Sequence[float]
    origins: Sequence[int]
    horizons: Sequence[int]
    day: int
    week: int


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line through the last ``LOOK_BACK`` values, told from its last point on."""

    last: float
    slope: float
    r2: float


def last_value(task: Task) -> Forecasts:
    return [[task.series[origin]] * len(task.horizons) for origin in task.origins]


def drift(task: Task) -> Forecasts:
    """The last value, going on as it went on average lately."""
    found: Forecasts = []
    for origin in task.origins:
        back = min(LOOK_BACK, origin)
        slope = (task.series[origin] - task.series[origin - back]) / back if back else 0.0
        found.append([task.series[origin] + slope * ahead for ahead in task.horizons])
    return found


def linear(task: Task) -> Forecasts:
    lines = (line_at(task.series, origin) for origin in task.origins)
    return [[line.last + line.slope * ahead for ahead in task.horizons] for line in lines]


def line_at(series: Sequence[float], origin: int) -> Line:
    """The line of least squares, and the share of the variance that it explains."""
    values = series[max(0, origin - LOOK_BACK + 1) : origin + 1]
    count = len(values)
    middle, mean = (count - 1) / 2, sum(values) / count
    spread = count * (count * count - 1) / 12
    together = sum((place - middle) * value for place, value in enumerate(values))
    slope = together / spread if spread else 0.0
    variance = sum((value - mean) ** 2 for value in values)
    return Line(mean + slope * middle, slope, min(1.0, slope * together / variance) if variance > 0.0 else 0.0)


def seasonal_day(task: Task) -> Forecasts:
    return _seasonal(task, task.day)


def seasonal_week(task: Task) -> Forecasts:
    return _seasonal(task, task.week)


def _seasonal(task: Task, period: int) -> Forecasts:
    """What was one period before; of an earlier one if that lies in the future."""
    found: Forecasts = []
    for origin in task.origins:
        places = [origin + ahead - period * ((ahead - 1) // period + 1) for ahead in task.horizons]
        found.append([task.series[place] if place >= 0 else None for place in places])
    return found


def theta(task: Task) -> Forecasts:
    """Exponential smoothing with half the slope of the past; weighed by its errors before the first origin."""
    return _least([_theta(task, weight) for weight in _THETA_WEIGHTS])


def _theta(task: Task, weight: float) -> tuple[float, Forecasts]:
    level, error, first = task.series[0], 0.0, task.series[0]
    found: Forecasts = []
    origins = iter(task.origins)
    upcoming = next(origins, -1)
    slopes = 0.0
    for place, value in enumerate(task.series):
        if place <= task.origins[0]:
            error += abs(value - level)
        level += weight * (value - level)
        if place:
            slopes += 0.01 * ((value - first) / place - slopes)
        if place == upcoming:
            found.append([level + 0.5 * slopes * ahead for ahead in task.horizons])
            upcoming = next(origins, -1)
    return error, found


def holt_winters(task: Task) -> Forecasts:
    """Level, damped trend and daily season; its weights chosen by its errors of one step before the first origin."""
    if len(task.series) < 2 * task.day:
        return [[None] * len(task.horizons) for _ in task.origins]
    return _least([_holt_winters(task, *weights) for weights in _WEIGHTS])


def _holt_winters(task: Task, of_level: float, of_trend: float, of_season: float) -> tuple[float, Forecasts]:
    series, day = task.series, task.day
    level = sum(series[:day]) / day
    season = [value - level for value in series[:day]]
    damped = [sum(_DAMPING**step for step in range(1, ahead + 1)) for ahead in task.horizons]
    trend = error = 0.0
    found: Forecasts = [[None] * len(task.horizons) for origin in task.origins if origin < day]
    origins = iter(task.origins[len(found) :])
    upcoming = next(origins, -1)
    slot = 0
    for place in range(day, len(series)):
        value, usual = series[place], season[slot]
        expected = level + _DAMPING * trend
        miss = value - expected - usual
        if place <= task.origins[0]:
            error += abs(miss)
        level = expected + of_level * miss
        trend = _DAMPING * trend + of_trend * miss
        season[slot] = usual + of_season * (1.0 - of_level) * miss
        slot = slot + 1 if slot + 1 < day else 0
        if place == upcoming:
            found.append(
                [
                    level + trend * reach + season[(slot + ahead - 1) % day]
                    for ahead, reach in zip(task.horizons, damped, strict=True)
                ]
            )
            upcoming = next(origins, -1)
    return error, found


def _least(candidates: list[tuple[float, Forecasts]]) -> Forecasts:
    return min(candidates, key=lambda candidate: candidate[0])[1]


MODELS: Final[Mapping[str, Callable[[Task], Forecasts]]] = {
    "last_value": last_value,
    "drift": drift,
    "linear": linear,
    "holt_winters": holt_winters,
    "seasonal_day": seasonal_day,
    "seasonal_week": seasonal_week,
    "theta": theta,
}
