import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.metrics.sketch import Sketch, of_document

VALUES = st.lists(st.floats(1e-6, 1e5), min_size=1, max_size=300)


def sketch_of(values: list[float]) -> Sketch:
    sketch = Sketch()
    for value in values:
        sketch.record(value)
    return sketch


@given(VALUES, st.floats(0, 1))
def test_a_quantile_is_within_one_percent(values: list[float], share: float) -> None:
    exact = sorted(values)[int(share * (len(values) - 1))]
    assert sketch_of(values).quantile(share) == pytest.approx(exact, rel=0.0101)


@given(VALUES, VALUES)
def test_two_sketches_merge_into_the_sketch_of_both(left: list[float], right: list[float]) -> None:
    merged = sketch_of(left)
    merged.merge(sketch_of(right))
    both = sketch_of(left + right)
    assert (merged.buckets, merged.count, merged.low, merged.high) == (both.buckets, both.count, both.low, both.high)
    assert merged.total == pytest.approx(both.total)


@given(VALUES)
def test_a_document_brings_the_sketch_back(values: list[float]) -> None:
    back = of_document(sketch_of(values).document())
    assert back.document() == sketch_of(values).document()


def test_zero_counts_and_an_empty_sketch_knows_nothing() -> None:
    assert (Sketch().quantile(0.5), Sketch().mean) == (None, None)
    assert sketch_of([0.0, 0.0, 5.0]).quantile(0.5) == 0.0
    assert sketch_of([0.0, 0.0, 5.0]).mean == pytest.approx(5 / 3)


def test_counts_below_bounds_are_cumulative() -> None:
    values = [random.Random(1).expovariate(100) for _ in range(10_000)]
    counts = sketch_of(values).below([0.001, 0.01, 0.1, 10.0])
    for count, bound in zip(counts, [0.001, 0.01, 0.1, 10.0], strict=True):
        assert count == pytest.approx(sum(value <= bound for value in values), abs=120)
    assert counts[-1] == 10_000
