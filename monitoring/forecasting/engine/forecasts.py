"""Chooses a forecast for each horizon by trying all models on the past, and says how far it can be trusted.

Contract   Pure. The past is cut at many origins; the older half of them chooses the model of a horizon (or the mean of
           the best two), the newer half tells its error, its skill and its intervals, so that none of them is
           flattered by the choice. Skill is 1 - error / error of the last value: 0 is worthless, 1 is perfect.
Invariant  Intervals are conformal: as wide as the errors of the newer half were, whatever their distribution.
           A forecast whose skill is below ``SKILL_MIN`` is hidden: the last value says as much.
Bound      About 20 ms for two weeks of five minutes and four horizons.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitoring.forecasting.engine.grid import filled, recent
from monitoring.forecasting.engine.models import MODELS, Forecasts, Task, line_at

DAY_S: Final = 86_400
SKILL_MIN: Final = 0.05
ORIGINS_MAX: Final = 240
ORIGINS_MIN: Final = 12
_NAIVE: Final = "last_value"
_SEASONAL: Final = "seasonal_day"


@dataclass(frozen=True, slots=True)
class Interval:
    """``share`` of the future values should lie between."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """``error`` and ``naive_error`` are mean absolute errors over ``origins`` tries that didn't choose the model.

    ``seasonal_skill`` is against the same time yesterday (None without two days); ``r2`` is the share of the recent
    variance that a straight line explains.
    """

    horizon_min: int
    model: str
    value: float
    intervals: tuple[Interval, ...]
    skill: float
    seasonal_skill: float | None
    error: float
    naive_error: float
    r2: float
    origins: int

    @property
    def is_hidden(self) -> bool:
        return self.skill < SKILL_MIN


@dataclass(frozen=True, slots=True)
class _Trial:
    """Absolute errors of a model at a horizon, by origin; None where it or the truth is unknown."""

    name: str
    forecasts: list[float | None]
    errors: list[float | None]


def forecast(
    values: Sequence[float | None], *, step_s: int, horizons_min: Sequence[int], season: int | None = None
) -> list[Forecast]:
    """A forecast for each horizon whose past is long enough, in the order asked. Values are one each ``step_s``.

    ``season`` is the length of the shorter season in steps, a day unless given; the longer has seven times as many.
    """
    known = recent(values)
    if len(known) < ORIGINS_MIN:
        return []
    series = filled(known)
    steps = [max(1, round(minutes * 60 / step_s)) for minutes in horizons_min]
    origins = _origins(len(series), min(steps))
    day = season or max(1, DAY_S // step_s)
    task = Task(series, [*origins, len(series) - 1], steps, day, 7 * day)
    made = {name: model(task) for name, model in MODELS.items()}
    r2 = line_at(series, len(series) - 1).r2
    found = [_chosen(made, known, task, place, minutes, r2) for place, minutes in enumerate(horizons_min)]
    return [one for one in found if one is not None]


def _origins(length: int, shortest: int) -> list[int]:
    """Evenly over the newer half; the last leaves room for the shortest horizon."""
    first, last = length // 2, length - 1 - shortest
    stride = max(1, math.ceil((last - first + 1) / ORIGINS_MAX))
    return list(range(last, first - 1, -stride))[::-1]


def _chosen(
    made: dict[str, Forecasts], known: Sequence[float | None], task: Task, place: int, minutes: int, r2: float
) -> Forecast | None:
    truths = [_at(known, origin + task.horizons[place]) for origin in task.origins[:-1]]
    trials = [_trial(name, forecasts, truths, place) for name, forecasts in made.items()]
    usable = [row for row, truth in enumerate(truths) if truth is not None]
    if len(usable) < ORIGINS_MIN:
        return None
    older, newer = usable[: len(usable) // 2], usable[len(usable) // 2 :]
    best = _best(trials, older, truths)
    naive = _mean(next(trial for trial in trials if trial.name == _NAIVE), newer)
    seasonal = _mean(next(trial for trial in trials if trial.name == _SEASONAL), newer)
    error, value = _mean(best, newer), best.forecasts[-1]
    if error is None or naive is None or value is None:
        return None
    return Forecast(
        horizon_min=minutes,
        model=best.name,
        value=value,
        intervals=_intervals(value, [miss for row in newer if (miss := best.errors[row]) is not None]),
        skill=_skill(error, naive),
        seasonal_skill=None if seasonal is None else _skill(error, seasonal),
        error=error,
        naive_error=naive,
        r2=r2,
        origins=len(newer),
    )


def _at(values: Sequence[float | None], place: int) -> float | None:
    return values[place] if place < len(values) else None


def _trial(name: str, forecasts: Forecasts, truths: list[float | None], place: int) -> _Trial:
    column = [row[place] for row in forecasts]
    return _Trial(name, column, _errors(column, truths))


def _errors(forecasts: Sequence[float | None], truths: Sequence[float | None]) -> list[float | None]:
    return [
        None if guess is None or truth is None else abs(guess - truth)
        for guess, truth in zip(forecasts, truths, strict=False)
    ]


def _mean(trial: _Trial, rows: Sequence[int]) -> float | None:
    """None where the model couldn't answer each time."""
    errors = [trial.errors[row] for row in rows]
    known = [error for error in errors if error is not None]
    return sum(known) / len(known) if len(known) == len(errors) else None


def _best(trials: list[_Trial], rows: Sequence[int], truths: list[float | None]) -> _Trial:
    """The model of the least mean error, or the mean of the best two if that was better still."""
    able = [
        (error, trial)
        for trial in trials
        if trial.forecasts[-1] is not None and (error := _mean(trial, rows)) is not None
    ]
    able.sort(key=lambda pair: pair[0])
    first = able[0][1]
    if len(able) == 1:
        return first
    second = able[1][1]
    both = [
        None if one is None or other is None else (one + other) / 2
        for one, other in zip(first.forecasts, second.forecasts, strict=True)
    ]
    together = _Trial(f"mean({first.name},{second.name})", both, _errors(both, truths))
    joint = _mean(together, rows)
    return together if joint is not None and joint < able[0][0] else first


def _skill(error: float, naive: float) -> float:
    return 1.0 - error / naive if naive > 0.0 else 0.0


def _intervals(value: float, errors: list[float]) -> tuple[Interval, ...]:
    ordered = sorted(errors)
    found = []
    for share in (0.8, 0.95):
        rank = min(len(ordered), math.ceil((len(ordered) + 1) * share))
        reach = ordered[rank - 1]
        found.append(Interval(share, value - reach, value + reach))
    return tuple(found)
