"""The grid against brute force over random people, and its edges."""

import random
from datetime import date, timedelta

import pytest

from analytics.business.engine.periods import beginning, following, periods
from analytics.business.engine.retention import mean_curve, retention_grid
from analytics.business.types import Grain

TODAY = date(2026, 7, 9)


def test_a_period_that_is_not_over_is_none_and_never_zero() -> None:
    starts = list(periods(date(2026, 6, 22), TODAY, Grain.WEEK))
    grid = retention_grid(
        {starts[0]: 4, starts[1]: 2}, {(starts[0], starts[1]): 3}, starts=starts, grain=Grain.WEEK, today=TODAY
    )
    assert [one.counts for one in grid] == [(0, 3, None), (0, None), (None,)]
    assert grid[0].cells == (0.0, 0.75, None)
    assert grid[2].cells == (None,)
    assert mean_curve(grid) == [0.0, 0.75, None]


def test_a_cohort_of_nobody_has_no_rates() -> None:
    starts = list(periods(date(2026, 6, 1), date(2026, 6, 9), Grain.WEEK))
    grid = retention_grid({}, {}, starts=starts, grain=Grain.WEEK, today=TODAY)
    assert [one.cells for one in grid] == [(None, None), (None,)]


@pytest.mark.parametrize("grain", [Grain.DAY, Grain.WEEK, Grain.MONTH])
def test_periods_follow_each_other_without_gaps(grain: Grain) -> None:
    luck = random.Random(3)
    for _ in range(200):
        day = date(2024, 1, 1) + timedelta(days=luck.randrange(1_500))
        start = beginning(day, grain)
        assert start <= day < following(start, grain)
        assert beginning(following(start, grain), grain) == following(start, grain)
        assert beginning(start, grain) == start
