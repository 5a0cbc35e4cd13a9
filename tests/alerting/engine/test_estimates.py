import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.engine.estimates import Outlook, chance_above, deviations, median, outlook

numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


@given(numbers)
def test_the_median_is_the_library_s(values: list[float]) -> None:
    assert median(values) == statistics.median(values)


def test_deviations_of_a_quiet_and_a_lively_series() -> None:
    assert deviations(13.0, [10.0, 11.0, 9.0, 10.0, 11.0, 9.0]) == pytest.approx(3 / 1.4826)
    assert deviations(10.01, [10.0] * 6) == pytest.approx(1.0)
    assert deviations(0.0, [0.0] * 6) == 0.0


def test_a_straight_line_goes_on() -> None:
    found = outlook([0, 10, 20, 30], [1.0, 2.0, 3.0, 4.0], 60)
    assert found is not None
    assert (found.mean, found.error) == (pytest.approx(7.0), pytest.approx(0.0, abs=1e-9))
    assert outlook([0, 10], [1.0, 2.0], 60) is None


def test_the_error_of_a_forecast_is_the_textbook_s() -> None:
    found = outlook([1, 2, 3, 4, 5], [2.0, 4.0, 5.0, 4.0, 5.0], 6)
    assert found is not None
    # Line 2.2 + 0.6 x, squared rests 2.4 over 3, times 1 + 1/5 + 9/10.
    assert found.mean == pytest.approx(5.8)
    assert found.error == pytest.approx((2.4 / 3 * 2.1) ** 0.5)


@pytest.mark.parametrize(("bound", "wanted"), [(10.0, 0.5), (8.04, 0.975), (11.96, 0.025), (10 - 0.8416 * 1, 0.8)])
def test_normal_chances(bound: float, wanted: float) -> None:
    assert chance_above(Outlook(10.0, 1.0), bound) == pytest.approx(wanted, abs=1e-4)


def test_a_certain_value() -> None:
    assert (chance_above(Outlook(10.0, 0.0), 10.0), chance_above(Outlook(10.0, 0.0), 10.1)) == (1.0, 0.0)
