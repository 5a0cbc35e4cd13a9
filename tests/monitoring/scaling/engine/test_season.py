"""A load that repeats itself, and loads that don't."""

import math
import random

import pytest

from monitoring.scaling.engine.forecast import Forecaster
from monitoring.scaling.engine.season import Season

DAY = 48


def explained(loads: list[float]) -> float:
    season = Season(DAY)
    for number, load in enumerate(loads):
        season.observe(load, loads[number - DAY] if number >= DAY else None)
    return season.explained


def smooth(days: float) -> list[float]:
    return [10 - 7 * math.cos(2 * math.pi * at / DAY) for at in range(round(days * DAY))]


def test_a_smooth_day_explains_itself_after_half_of_the_next() -> None:
    assert explained(smooth(1.4)) == 0.0
    assert explained(smooth(1.5)) == pytest.approx(1.0)


def test_growth_noise_and_a_constant_are_no_season() -> None:
    rng = random.Random(1)
    assert explained([float(at) for at in range(DAY * 10)]) < 0.6
    assert explained([rng.gauss(10, 1) for _ in range(DAY * 10)]) < 0.2
    assert explained([5.0] * DAY * 3) == 0.0


def test_small_rises_of_a_clear_day_are_told() -> None:
    day = [10 - 7 * math.cos(2 * math.pi * at / 1440) for at in range(1440)]
    forecaster = Forecaster(lead=3)
    for load in day * 2 + day[:360]:
        forecaster.observe(load)
    assert forecaster.peak() == pytest.approx(day[362])
    for load in day[360:1080]:
        forecaster.observe(load)
    # It falls.
    assert forecaster.peak() is None
