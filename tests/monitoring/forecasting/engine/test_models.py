import pytest

from monitoring.forecasting.engine import models
from monitoring.forecasting.engine.models import Task, line_at

#: Two and a half days of eight steps: a rising week isn't known.
SERIES = [float(place % 8) for place in range(20)]


def task(series: list[float] = SERIES, origins: tuple[int, ...] = (10, 19), horizons: tuple[int, ...] = (1, 4)) -> Task:
    return Task(series, origins, horizons, 8, 56)


def test_the_last_value_stays() -> None:
    assert models.last_value(task()) == [[2.0, 2.0], [3.0, 3.0]]


def test_drift_goes_on_as_it_went() -> None:
    rising = [2.0 * place for place in range(20)]
    assert models.drift(task(rising)) == [[22.0, 28.0], [40.0, 46.0]]
    assert models.drift(task([5.0], origins=(0,))) == [[5.0, 5.0]]


def test_a_line_is_continued() -> None:
    rising = [1.0 + 0.5 * place for place in range(20)]
    assert models.linear(task(rising))[1] == pytest.approx([11.0, 12.5])
    line = line_at(rising, 19)
    assert (line.last, line.slope, line.r2) == (pytest.approx(10.5), pytest.approx(0.5), pytest.approx(1.0))


def test_a_line_through_a_constant_or_one_value_explains_nothing() -> None:
    assert line_at([4.0] * 9, 8) == models.Line(4.0, 0.0, 0.0)
    assert line_at([4.0], 0) == models.Line(4.0, 0.0, 0.0)


def test_a_season_repeats_what_was_a_period_before() -> None:
    assert models.seasonal_day(task()) == [[3.0, 6.0], [4.0, 7.0]]
    # Nine steps ahead lie two days back.
    assert models.seasonal_day(task(origins=(19,), horizons=(9,))) == [[4.0]]
    assert models.seasonal_week(task()) == [[None, None], [None, None]]


def test_theta_follows_half_of_the_slope() -> None:
    constant = models.theta(task([7.0] * 20))
    assert constant == [[pytest.approx(7.0)] * 2] * 2
    [[near, far]] = models.theta(task([float(place) for place in range(200)], origins=(199,)))
    assert near is not None
    assert far is not None
    assert 0.1 < (far - near) / 3 < 0.5


def test_holt_winters_learns_a_season() -> None:
    series = [10.0 + 3.0 * (place % 8) for place in range(160)]
    [found] = models.holt_winters(Task(series, (159,), (1, 2, 8), 8, 56))
    assert found == [pytest.approx(10.0, abs=0.01), pytest.approx(13.0, abs=0.01), pytest.approx(31.0, abs=0.01)]


def test_holt_winters_needs_two_days() -> None:
    assert models.holt_winters(task(SERIES[:15], origins=(10,))) == [[None, None]]


def test_origins_in_the_first_day_have_no_season_yet() -> None:
    assert models.holt_winters(task(origins=(3, 19)))[0] == [None, None]


@pytest.mark.parametrize("name", models.MODELS)
def test_no_model_looks_ahead(name: str) -> None:
    series = [float((place * 7) % 13) for place in range(40)]
    changed = [*series[:31], *[999.0] * 9]
    made = models.MODELS[name](task(series, origins=(20, 30)))
    assert len(made) == 2
    assert made == models.MODELS[name](task(changed, origins=(20, 30)))
