"""Bins, intervals and badges by exact values."""

from typing import Any

import pytest

from analytics.skill.engine.curve import bins_of, curve_error, interval
from analytics.skill.engine.honours import badges, winning_streak


def test_bins_and_the_distance_from_the_diagonal() -> None:
    bins = bins_of({2: (4, 1_000_000, 2_000_000), 9: (1, 950_000, 1_000_000)})
    assert [one.count for one in bins] == [0, 0, 4, 0, 0, 0, 0, 0, 0, 1]
    assert (bins[2].forecast, bins[2].happened) == (0.25, 0.5)
    assert (bins[0].forecast, bins[0].happened, bins[0].interval) == (None, None, None)
    assert curve_error(bins) == pytest.approx((4 * 0.25 + 0.05) / 5)
    assert curve_error(bins_of({})) is None


@pytest.mark.parametrize(
    ("share", "count", "low", "high"),
    [(0.5, 10, 0.2366, 0.7634), (0.0, 5, 0.0, 0.4345), (1.0, 5, 0.5655, 1.0), (0.7, 100, 0.6042, 0.7811)],
)
def test_wilsons_interval(share: float, count: int, low: float, high: float) -> None:
    assert interval(share, count) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("profits", "streak"), [([], 0), ([3, 1, -1, 9], 2), ([0, 5, 0, 2, -1], 2), ([1, 1], 2)])
def test_streaks_end_with_a_loss_and_pass_over_what_was_void(profits: list[int], streak: int) -> None:
    assert winning_streak(profits) == streak


def test_badges_need_enough_and_good_enough() -> None:
    none: dict[str, Any] = {"scored": 9, "brier_gain": 5, "forecasts": 29, "error": 0.01, "streak": 2, "topics": 3}
    assert badges(**none) == ()
    every: dict[str, Any] = {"scored": 10, "brier_gain": 1, "forecasts": 30, "error": 0.06, "streak": 3, "topics": 4}
    assert [one.key for one in badges(**every)] == ["sharp", "calibrated", "streak", "broad"]
    assert [one.key for one in badges(**(every | {"brier_gain": 0, "error": 0.061}))] == ["streak", "broad"]
