"""Buckets of numeric and date markets: made, named, found by a value, and summed up by prices."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import FieldError
from markets.engine.scales import bucket_of, buckets, edges, format_value, parse_value, scale_from, summarised
from markets.errors import ResolutionInvalid
from markets.types import MarketKind, Scale, ScaleSpec

NUMERIC, DATE = MarketKind.NUMERIC, MarketKind.DATE


def made(kind: MarketKind, spec: ScaleSpec) -> Scale:
    errors: list[FieldError] = []
    scale = scale_from(kind, spec, errors)
    assert errors == []
    assert scale is not None
    return scale


RAIN = ScaleSpec(lower="0", upper="30", buckets=3, unit="mm", above=True)
SPRING = ScaleSpec(bounds=("2027-03-01", "2027-04-01", "2027-04-02", "2027-06-01"), below=True, above=True)


def test_even_buckets_of_numbers() -> None:
    scale = made(NUMERIC, RAIN)
    assert scale.bounds == (0, 10, 20, 30)
    assert buckets(NUMERIC, scale) == (
        ("0-to-10", "0 to 10 mm"),
        ("10-to-20", "10 to 20 mm"),
        ("20-to-30", "20 to 30 mm"),
        ("from-30", "30 mm or more"),
    )


def test_buckets_of_negative_and_broken_numbers() -> None:
    scale = made(NUMERIC, ScaleSpec(bounds=("-1.5", "0.25", "3"), below=True))
    assert [slug for slug, _ in buckets(NUMERIC, scale)] == ["below-minus-1_5", "minus-1_5-to-0_25", "0_25-to-3"]
    assert edges(scale)[0] == (None, Decimal("-1.5"))


def test_buckets_of_dates_name_their_first_and_last_day() -> None:
    scale = made(DATE, SPRING)
    assert buckets(DATE, scale) == (
        ("to-2027-02-28", "2027-02-28 or earlier"),
        ("2027-03-01--2027-03-31", "2027-03-01 to 2027-03-31"),
        ("2027-04-01", "2027-04-01"),
        ("2027-04-02--2027-05-31", "2027-04-02 to 2027-05-31"),
        ("from-2027-06-01", "2027-06-01 or later"),
    )


@pytest.mark.parametrize(
    ("value", "index"), [("0", 0), ("9.999999", 0), ("10", 1), ("29.5", 2), ("30", 3), ("1000", 3)]
)
def test_a_value_is_in_the_bucket_that_begins_at_or_before_it(value: str, index: int) -> None:
    assert bucket_of(NUMERIC, made(NUMERIC, RAIN), parse_value(NUMERIC, value)) == index


@pytest.mark.parametrize(("day", "index"), [("2026-01-01", 0), ("2027-03-31", 1), ("2027-04-01", 2), ("2030-01-01", 4)])
def test_a_day_is_in_its_bucket(day: str, index: int) -> None:
    assert bucket_of(DATE, made(DATE, SPRING), parse_value(DATE, day)) == index


def test_the_last_closed_bucket_of_numbers_holds_its_upper_bound() -> None:
    scale = made(NUMERIC, ScaleSpec(lower="0", upper="1", buckets=4))
    assert bucket_of(NUMERIC, scale, Decimal(1)) == 3
    for outside in ("-0.1", "1.000001"):
        with pytest.raises(ResolutionInvalid) as refusal:
            bucket_of(NUMERIC, scale, Decimal(outside))
        assert [error.pointer for error in refusal.value.errors] == ["/value"]


@pytest.mark.parametrize(
    ("kind", "spec", "pointer"),
    [
        (NUMERIC, ScaleSpec(lower="a", upper="1", buckets=2), "/scale/lower"),
        (NUMERIC, ScaleSpec(lower="0", upper="1e99", buckets=2), "/scale/upper"),
        (NUMERIC, ScaleSpec(lower="0", upper="NaN", buckets=2), "/scale/upper"),
        (NUMERIC, ScaleSpec(lower="0", upper="0.0000001", buckets=2), "/scale/upper"),
        (NUMERIC, ScaleSpec(lower="2", upper="1", buckets=2), "/scale/upper"),
        (NUMERIC, ScaleSpec(lower="0", upper="1"), "/scale/buckets"),
        (NUMERIC, ScaleSpec(lower="0", upper="1", buckets=1), "/scale/buckets"),
        (NUMERIC, ScaleSpec(lower="0", upper="1", buckets=100, above=True), "/scale/buckets"),
        (NUMERIC, ScaleSpec(bounds=("1",)), "/scale/bounds"),
        (NUMERIC, ScaleSpec(bounds=("1", "1", "2")), "/scale/bounds"),
        (NUMERIC, ScaleSpec(bounds=("1", "x")), "/scale/bounds/1"),
        (NUMERIC, ScaleSpec(bounds=("1", "2", "3"), lower="0"), "/scale/lower"),
        (NUMERIC, ScaleSpec(lower="0", upper="1", buckets=2, unit="m\0m"), "/scale/unit"),
        (DATE, ScaleSpec(lower="2027-02-30", upper="2027-03-01", buckets=2), "/scale/lower"),
        (DATE, ScaleSpec(lower="0001-01-01", upper="2027-03-01", buckets=2), "/scale/lower"),
        (DATE, ScaleSpec(lower="2027-02-01", upper="2027-02-02", buckets=4), "/scale/upper"),
        (DATE, ScaleSpec(lower="2027-02-01", upper="2027-03-01", buckets=4, unit="days"), "/scale/unit"),
    ],
)
def test_refusals_name_the_field(kind: MarketKind, spec: ScaleSpec, pointer: str) -> None:
    errors: list[FieldError] = []
    assert scale_from(kind, spec, errors) is None
    assert [error.pointer for error in errors] == [pointer]


@pytest.mark.parametrize(
    ("prices", "mean", "median"),
    [
        ([250_000, 250_000, 250_000, 250_000], "20", "20"),
        ([1_000_000, 0, 0, 0], "5", "5"),
        # The open bucket counts from 30 to 40.
        ([0, 0, 0, 1_000_000], "35", "35"),
        ([500_000, 300_000, 100_000, 100_000], "13", "10"),
        ([400_000, 400_000, 100_000, 100_000], "14", "12.5"),
        # Prices without a maker rule needn't sum to 1.
        ([200_000, 200_000, 50_000, 50_000], "14", "12.5"),
    ],
)
def test_mean_and_median(prices: list[int], mean: str, median: str) -> None:
    summary = summarised(made(NUMERIC, RAIN), prices)
    assert summary is not None
    assert (format_value(NUMERIC, summary.mean), format_value(NUMERIC, summary.median)) == (mean, median)
    assert abs(sum(summary.parts) - 1) < 1e-12


def test_the_mean_of_dates_is_a_day() -> None:
    scale = made(DATE, ScaleSpec(lower="2027-01-01", upper="2027-01-11", buckets=2, below=True))
    summary = summarised(scale, [0, 1, 0])
    assert summary is not None
    assert (format_value(DATE, summary.mean), format_value(DATE, summary.median)) == ("2027-01-03", "2027-01-03")


def test_nothing_is_said_without_prices() -> None:
    assert summarised(made(NUMERIC, RAIN), [0, 0, 0, 0]) is None


@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=20, unique=True),
    st.booleans(),
    st.booleans(),
    st.data(),
)
def test_mean_and_median_against_their_definitions(
    bounds: list[int], below: bool, above: bool, data: st.DataObject
) -> None:
    bounds.sort()
    if len(bounds) + below + above < 3:
        return
    scale = made(NUMERIC, ScaleSpec(bounds=tuple(map(str, bounds)), below=below, above=above))
    first, last = bounds[1] - bounds[0], bounds[-1] - bounds[-2]
    whole = ([bounds[0] - first] if below else []) + bounds + ([bounds[-1] + last] if above else [])
    sizes = len(whole) - 1
    prices = data.draw(st.lists(st.integers(0, 10**6), min_size=sizes, max_size=sizes))
    summary = summarised(scale, prices)
    if not sum(prices):
        assert summary is None
        return
    assert summary is not None
    mean = Fraction(sum(Fraction(whole[i] + whole[i + 1], 2) * p for i, p in enumerate(prices))) / sum(prices)
    assert abs(Fraction(summary.mean) - mean) <= Fraction(1, 10**6)
    # Half of the mass lies below the median.
    median = Fraction(summary.median)
    mass = sum(
        p * min(max((median - whole[i]) / (whole[i + 1] - whole[i]), Fraction(0)), Fraction(1))
        for i, p in enumerate(prices)
    )
    assert abs(mass - Fraction(sum(prices), 2)) <= Fraction(sum(prices), 10**6)
    value = data.draw(st.integers(whole[0], whole[-1] - 1))
    index = bucket_of(NUMERIC, scale, Decimal(value))
    assert whole[index] <= value < whole[index + 1]
