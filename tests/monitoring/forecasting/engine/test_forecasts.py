import math
import random

import pytest

from monitoring.forecasting.engine.forecasts import SKILL_MIN, Forecast, forecast

HORIZONS = (15, 30, 60, 120)


def seasonal(rows: int, seed: int = 1, spread: float = 2.0) -> list[float]:
    luck = random.Random(seed)
    return [50.0 + 20.0 * math.sin(2 * math.pi * row / 288) + luck.gauss(0.0, spread) for row in range(rows)]


def made(values: list[float] | list[float | None]) -> list[Forecast]:
    return forecast(values, step_s=300, horizons_min=HORIZONS)


def test_a_season_is_forecast_with_skill() -> None:
    found = made(seasonal(2_016))
    assert [one.horizon_min for one in found] == [15, 30, 60, 120]
    last = found[-1]
    assert abs(last.value - (50.0 + 20.0 * math.sin(2 * math.pi * (2_015 + 24) / 288))) < 4.0
    assert last.skill > 0.5
    assert not last.is_hidden
    assert last.error < last.naive_error


def test_no_selection_is_much_worse_than_yesterday() -> None:
    for seed in range(6):
        for one in made(seasonal(2_016, seed)):
            assert one.seasonal_skill is not None
            assert one.seasonal_skill > -0.15


def test_intervals_cover_what_they_say() -> None:
    values = seasonal(5_000)
    inside = {0.8: 0, 0.95: 0}
    count = 0
    for end in range(2_016, 4_900, 41):
        for one in made(values[end - 2_016 : end]):
            truth = values[end - 1 + one.horizon_min // 5]
            count += 1
            for interval in one.intervals:
                inside[interval.share] += interval.low <= truth <= interval.high
    assert 0.76 <= inside[0.8] / count <= 0.87
    assert 0.92 <= inside[0.95] / count <= 0.98


def test_a_random_walk_has_no_skill_and_is_hidden() -> None:
    luck, value, values = random.Random(3), 0.0, []
    for _ in range(2_016):
        value += luck.gauss(0.0, 1.0)
        values.append(value)
    assert all(one.is_hidden for one in made(values))


def test_a_constant_is_forecast_exactly_and_hidden() -> None:
    for one in made([5.0] * 600):
        assert (one.value, one.skill, one.error, one.is_hidden) == (5.0, 0.0, 0.0, True)
        assert all(interval.low == interval.high == 5.0 for interval in one.intervals)


def test_a_straight_line_has_an_r2_of_one() -> None:
    found = made([3.0 + 0.25 * row for row in range(200)])
    assert [one.r2 for one in found] == [pytest.approx(1.0)] * 4
    assert found[2].value == pytest.approx(3.0 + 0.25 * (199 + 12), abs=0.5)


def test_gaps_change_little() -> None:
    values: list[float | None] = [*seasonal(2_016)]
    for row in range(0, 2_016, 17):
        values[row] = None
    values[900:910] = [None] * 10
    whole, holed = made(seasonal(2_016)), made(values)
    for one, other in zip(whole, holed, strict=True):
        assert other.value == pytest.approx(one.value, abs=6.0)
        assert other.skill > SKILL_MIN


@pytest.mark.parametrize("values", [[], [None] * 50, [1.0] * 11, [1.0] * 12])
def test_a_short_past_has_no_forecast(values: list[float | None]) -> None:
    assert made(values) == []


def test_longer_horizons_need_a_longer_past() -> None:
    luck = random.Random(1)
    found = made([luck.gauss(0.0, 1.0) for _ in range(48)])
    assert {one.horizon_min for one in found} < set(HORIZONS)


def test_a_change_of_clocks_is_one_hour_of_another_season() -> None:
    # Local habits move by an hour against UTC at row 1,500.
    luck = random.Random(5)
    values = [
        50.0 + 20.0 * math.sin(2 * math.pi * (row + (12 if row >= 1_500 else 0)) / 288) + luck.gauss(0.0, 2.0)
        for row in range(2_016)
    ]
    assert all(one.skill > -SKILL_MIN for one in made(values))
    assert made(values)[-1].skill > 0.4
