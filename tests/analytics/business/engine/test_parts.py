"""Calibration, changes, recommendations and the catalogue, by exact values."""

import pytest

from analytics.business.engine.calibration import calibration_error, reliability
from analytics.business.engine.catalogue import METRICS
from analytics.business.engine.measures import DIMENSIONS, MEASURES
from analytics.business.engine.recommendations import Candidate, recommended, resemblance
from analytics.business.engine.shifts import shift
from analytics.business.engine.values import change, value_of
from analytics.business.selectors.values import exact, shown


def test_reliability_counts_each_outcome_once() -> None:
    bins = reliability([(50_000, 0), (60_000, 1_000_000), (950_000, 1_000_000), (1_000_000, 1_000_000)])
    assert [one.count for one in bins] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (bins[0].forecast, bins[0].happened) == (0.055, 0.5)
    assert bins[1].forecast is None
    assert calibration_error(bins) == pytest.approx((2 * 0.445 + 2 * 0.025) / 4)
    assert calibration_error(reliability([])) is None


def test_a_shift_needs_more_than_the_noise_of_days() -> None:
    assert shift([1.0] * 6, [2.0] * 7) is None
    noise = shift([1, 9, 1, 9, 1, 9, 1], [9, 1, 9, 1, 9, 1, 9])
    assert noise is not None
    assert not noise.is_significant
    clear = shift([1, 2, 1, 2, 1, 2, 1], [8, 9, 8, 9, 8, 9, 8])
    assert clear is not None
    assert clear.is_significant
    assert clear.now > clear.before


def test_recommendations_say_why() -> None:
    markets = [
        Candidate(1, "a", "A?", "science", 10, (("bob", 0.5), ("cem", 0.25))),
        Candidate(2, "b", "B?", "sports", 10),
        Candidate(3, "c", "C?", "sports", 90),
    ]
    best, *others = recommended(markets, {"science": 0.75}, limit=3)
    assert best.candidate.market_id == 1
    assert best.reasons == (
        "75 % of your trading is in science.",
        "bob, cem, who trade in the same markets as you, trade in it.",
    )
    assert [one.candidate.market_id for one in others] == [3, 2]
    assert others[0].reasons == ("It is among the busiest markets now.",)


def test_resemblance_is_what_two_share_of_what_either_has() -> None:
    assert resemblance(frozenset({1, 2, 3}), frozenset({2, 3, 4})) == 0.5
    assert resemblance(frozenset(), frozenset()) == 0.0


def test_a_ratio_of_nothing_is_unknown() -> None:
    assert value_of(METRICS["mean_trade"], {"volume": 0, "trades": 0}) is None
    assert value_of(METRICS["mean_trade"], {"volume": 300, "trades": 2}) == 150
    assert value_of(METRICS["net_revenue"], {"fee_income": 5, "maker_result": -7}) == -2
    assert change(3, 2) == 0.5
    assert change(3, 0) is None


def test_values_for_people_and_for_programs() -> None:
    volume, part = METRICS["volume"], METRICS["fee_yield"]
    assert (shown(volume, 123_456_789_000), exact(volume, 123_456_789_000)) == ("1,234.57", "1234.56789")
    assert (shown(part, 0.0123), exact(part, 0.0123)) == ("1.2 %", 0.0123)
    assert (shown(part, None), exact(part, None)) == ("–", None)
    assert shown(METRICS["trades"], 12_000) == "12,000"


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_made_of_measures_and_told_by_what_they_share(name: str) -> None:
    metric = METRICS[name]
    parts = (*metric.numerator, *metric.denominator)
    assert all(part in MEASURES for part in parts)
    assert all(dimension in DIMENSIONS[MEASURES[part].source] for part in parts for dimension in metric.dimensions)
    assert metric.formula.endswith(".")
    assert metric.name == name
