from typing import Any

import pytest

from alerting.engine.conditions import Measured, breached, measured
from alerting.engine.points import Points
from tests.alerting.rules import rule


def judged(values: list[float | None], step_s: float = 60.0, **fields: Any) -> bool | None:
    """At the last point; None is no data."""
    points = Points([step_s * at for at in range(len(values))], values)
    one = rule(**fields)
    found = measured(one, points, step_s * (len(values) - 1))
    return None if found is None else breached(one, found) is not None


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("gt", (False, False, True)),
        ("ge", (False, True, True)),
        ("lt", (True, False, False)),
        ("le", (True, True, False)),
        ("eq", (False, True, False)),
        ("ne", (True, False, True)),
    ],
)
def test_comparisons(condition: str, wanted: tuple[bool, ...]) -> None:
    assert tuple(judged([value], condition=condition, threshold=80) for value in (79.0, 80.0, 81.0)) == wanted
    assert judged([None], condition=condition, threshold=80) is None


@pytest.mark.parametrize(("value", "wanted"), [(9.9, True), (10.0, False), (90.0, False), (90.1, True)])
def test_outside(value: float, wanted: bool) -> None:
    assert judged([value], condition="outside", low=10, threshold=90) is wanted


@pytest.mark.parametrize(
    ("values", "threshold", "wanted"),
    [
        ([100.0, 149.0], 50, False),
        ([100.0, 150.0], 50, True),
        ([100.0, 50.0], 50, False),
        ([100.0, 50.0], -50, True),
        ([-100.0, -50.0], 50, True),
        ([0.0, 50.0], 50, None),
        ([None, 50.0], 50, None),
    ],
)
def test_change_in_percent(values: list[float | None], threshold: float, wanted: bool | None) -> None:
    assert judged(values, condition="change", threshold=threshold, window="1m", fresh="10s") is wanted


def test_change_as_a_difference_and_rate() -> None:
    assert judged([0.0, 50.0], condition="change", threshold=50, window="1m", is_relative=False) is True
    assert judged([0.0, 60.0], condition="rate", threshold=1, window="1m") is True
    assert judged([0.0, 59.0], condition="rate", threshold=1, window="1m") is False
    assert judged([60.0, 0.0], condition="rate", threshold=-1, window="1m") is True


@pytest.mark.parametrize(
    ("values", "wanted"),
    [([1.0], False), ([1.0, None, None, None, None], False), ([1.0] + [None] * 5, True), ([], True)],
)
def test_absent(values: list[float | None], wanted: bool) -> None:
    assert judged(values, condition="absent", threshold="5m") is wanted


def test_anomaly_against_the_window_before() -> None:
    calm: list[float | None] = [10.0, 11.0, 9.0, 10.5, 9.5] * 4
    assert judged([*calm, 30.0], condition="anomaly", threshold=5, window="30m") is True
    assert judged([*calm, 11.0], condition="anomaly", threshold=5, window="30m") is False
    assert judged([10.0] * 8, condition="anomaly", threshold=5, window="30m") is None


def test_forecast_above_90_within_30_minutes() -> None:
    rising: list[float | None] = [50.0 + at + 0.5 * (-1) ** at for at in range(20)]
    wanted = {"condition": "forecast", "window": "20m", "horizon": "30m", "probability": 0.8}
    assert judged(rising, threshold=90, **wanted) is True
    assert judged(rising, threshold=110, **wanted) is False
    assert judged([50.0] * 20, threshold=90, **wanted) is False
    assert judged([95.0] * 20, threshold=90, **wanted) is True
    assert judged([100.0 - at for at in range(20)], threshold=60, is_downward=True, **wanted) is True
    assert judged([50.0], threshold=90, **wanted) is None


def test_a_burn_rate_must_hold_in_both_windows() -> None:
    wanted = {"condition": "burn_rate", "objective": 99.0, "window": "60m", "short_window": "5m", "threshold": 2}
    # 1 % of errors is what 99 % allow.
    assert judged([3.0] * 60, **wanted) is True
    assert judged([1.5] * 60, **wanted) is False
    assert judged([4.0] * 55 + [0.0] * 5, **wanted) is False
    assert judged([0.0] * 55 + [10.0] * 5, **wanted) is False
    assert judged([None] * 60, **wanted) is None


def test_seasonal_against_the_same_hour_of_the_days_before() -> None:
    day: list[float | None] = [10.0] * 8 + [100.0] * 8 + [10.0] * 8
    wanted = {"condition": "seasonal", "window": "1h", "period": "1d", "periods": 5, "threshold": 4}
    hours = day * 5
    assert judged([*hours, *day[:10]], 3600.0, **wanted) is False
    assert judged([*hours, *day[:4], 100.0], 3600.0, **wanted) is True
    assert judged([*day, *day[:4], 100.0], 3600.0, **wanted) is None


def test_the_worst_level_counts() -> None:
    one = rule()
    assert [breached(one, Measured(value)) for value in (80.0, 81.0, 95.0, 96.0)] == [
        None,
        *one.levels[:1] * 2,
        one.levels[1],
    ]
    apart = rule(condition="eq", levels={"warning": 1, "critical": 2})
    assert breached(apart, Measured(2.0)) == apart.levels[1]
