"""Every test of significance equals the reference of scipy, which web processes don't hold."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.market_ai.engine import significance

#: A busy machine is no fault of the code.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

VALUES = st.lists(st.integers(-50, 50), min_size=4, max_size=30)


@UNHURRIED
@given(st.floats(-12, 12), st.integers(1, 400))
def test_student_equals_the_reference(t: float, freedom: int) -> None:
    assert significance.student_p(t, freedom) == pytest.approx(2 * stats.t.sf(abs(t), freedom), rel=1e-7, abs=1e-15)


@UNHURRIED
@given(st.floats(-8, 8))
def test_normal_equals_the_reference(z: float) -> None:
    assert significance.normal_p(z) == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-9)


@UNHURRIED
@given(VALUES)
def test_a_mean_is_tested_as_the_reference_does(values: list[int]) -> None:
    if len(set(values)) == 1:
        assert significance.mean_test(values) == (0.0, 1.0)
        return
    reference = stats.ttest_1samp(values, 0.0)
    assert significance.mean_test(values) == (pytest.approx(reference.statistic), pytest.approx(reference.pvalue))


@UNHURRIED
@given(st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=4, max_size=30))
def test_a_correlation_is_tested_as_the_reference_does(pairs: list[tuple[int, int]]) -> None:
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    value, chance = significance.correlation_test(left, right)
    if len(set(left)) == 1 or len(set(right)) == 1:
        assert (value, chance) == (0.0, 1.0)
        return
    reference = stats.pearsonr(left, right)
    assert value == pytest.approx(reference.statistic, abs=1e-9)
    assert chance == pytest.approx(reference.pvalue, rel=1e-5, abs=1e-9)


def test_balance_and_outliers() -> None:
    assert significance.balance_test(50, 100) == (0.0, 1.0)
    assert significance.balance_test(0, 0) == (0.0, 1.0)
    z, chance = significance.balance_test(70, 100)
    assert z == pytest.approx(3.9)
    assert chance == pytest.approx(2 * stats.norm.sf(3.9))
    assert significance.balance_test(30, 100)[0] == pytest.approx(-3.9)
    assert significance.outlier_test(5.0, [5.0, 5.0, 5.0]) == (0.0, 1.0)
    t, chance = significance.outlier_test(9.0, [1.0, 2.0, 3.0])
    assert t == pytest.approx(7 / (4 / 3) ** 0.5)
    assert chance == pytest.approx(2 * stats.t.sf(t, 2))


@UNHURRIED
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_discoveries_equal_the_reference(chances: list[float]) -> None:
    adjusted = stats.false_discovery_control(chances)
    expected = [pytest.approx(value, abs=1e-12) if value <= 0.05 else None for value in adjusted]
    assert significance.discoveries(chances) == expected


def test_noise_is_seldom_a_discovery() -> None:
    source = random.Random(7)
    false = 0
    for _ in range(400):
        samples = [[source.gauss(0, 1) for _ in range(12)] for _ in range(6)]
        kept = significance.discoveries([significance.mean_test(values)[1] for values in samples])
        false += any(one is not None for one in kept)
    assert false / 400 < 0.08
