"""The coefficients equal those of scipy, which the product doesn't need for them."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from analytics.sentiment.engine.correlation import pearson, ranks, spearman

#: A busy machine is no fault of the code.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_ties_share_their_ranks() -> None:
    assert ranks([3, 1, 3, 2]) == [3.5, 1, 3.5, 2]
    assert ranks([5, 5, 5]) == [2, 2, 2]


@UNHURRIED
@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=5, max_size=40))
def test_both_equal_the_reference(pairs: list[tuple[int, int]]) -> None:
    left, right = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    assume(len(set(left)) > 1 and len(set(right)) > 1)
    assert pearson(left, right).value == pytest.approx(stats.pearsonr(left, right).statistic, abs=1e-9)
    assert spearman(left, right).value == pytest.approx(stats.spearmanr(left, right).statistic, abs=1e-9)


def test_the_interval_is_fishers() -> None:
    left = [1.0, 2, 3, 4, 5, 6, 7, 8]
    found = pearson(left, [2.0, 1, 4, 3, 6, 5, 8, 7])
    reference = stats.pearsonr(left, [2.0, 1, 4, 3, 6, 5, 8, 7]).confidence_interval(0.95)
    assert (found.low, found.high) == (pytest.approx(reference.low, abs=1e-5), pytest.approx(reference.high, abs=1e-5))
    assert found.n == 8
