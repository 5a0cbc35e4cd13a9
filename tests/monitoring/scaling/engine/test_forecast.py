"""What a rhythm teaches, and that no rhythm teaches nothing."""

import random

from monitoring.scaling.engine.forecast import Forecaster


def taught(loads: list[float], *periods: int) -> Forecaster:
    forecaster = Forecaster(lead=3, periods=periods or None)
    for load in loads:
        forecaster.observe(load)
    return forecaster


def test_a_rise_that_came_each_hour_is_seen_three_minutes_before() -> None:
    hour = [2.0] * 40 + [6.0] * 20
    forecaster = taught(hour * 6 + hour[:38], 60)
    assert forecaster.peak() == 6.0
    assert forecaster.best is not None
    assert forecaster.best[0] == 60
    assert taught(hour * 6 + hour[:36], 60).peak() is None


def test_the_level_of_today_counts() -> None:
    hour = [2.0] * 40 + [6.0] * 20
    assert taught(hour * 6 + [3.0] * 38, 60).peak() == 7.0


def test_nothing_is_expected_before_it_has_paid() -> None:
    hour = [2.0] * 40 + [6.0] * 20
    first = taught(hour + hour[:38], 60)
    assert first.peak() is None
    assert first.records[60].prevented == 0.0


def test_without_a_rhythm_there_is_no_forecast() -> None:
    rng = random.Random(7)
    load, loads = 10.0, []
    for _ in range(3000):
        load = max(load + rng.gauss(0, 0.8), 1.0)
        loads.append(load)
    assert taught(loads).peak() is None
    assert taught([5.0] * 3000).peak() is None


def test_a_rhythm_that_ends_is_left() -> None:
    hour = [2.0] * 40 + [6.0] * 20
    forecaster = taught(hour * 6 + [2.0] * 600, 60)
    assert forecaster.peak() is None


def test_four_good_hours_do_not_outweigh_a_day_of_wrong_forecasts() -> None:
    rng = random.Random(3)
    spiky = [2.0 if rng.random() < 0.8 else 6.0 for _ in range(1440)]
    hour = [2.0] * 40 + [6.0] * 20
    forecaster = taught(spiky + hour * 4 + [2.0] * 38, 60)
    assert forecaster.peak() is None
    assert taught(hour * 4 + [2.0] * 38, 60).peak() == 6.0
    assert forecaster.records[60].missed > forecaster.records[60].prevented


def test_of_several_repetitions_the_best_is_followed() -> None:
    forecaster = taught(([2.0] * 40 + [6.0] * 20) * 30 + [2.0] * 38)
    assert forecaster.best is not None
    assert forecaster.best[0] in {60, 120, 180, 240, 360, 480, 720}
    assert forecaster.peak() == 6.0
