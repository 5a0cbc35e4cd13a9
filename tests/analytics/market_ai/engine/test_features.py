"""Features are folded tick by tick, and never look ahead."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.market_ai.engine.features import (
    DAY_S,
    FEATURES,
    NAMES,
    FeatureState,
    features_of,
    fold,
    liquidity,
    log_odds,
    momentum,
    volatility,
    volume_trend,
)
from analytics.market_ai.types import Surroundings, Tick

NOWHERE = Surroundings()

prices = st.floats(0.0, 1.0)
gaps = st.floats(0.0, 40 * DAY_S)
counts = st.none() | st.integers(0, 5)


@st.composite
def histories(draw: Any) -> list[Tick]:
    """Ticks in the order of time, with totals that only grow and are told now and then."""
    at, volume, trades, people, found = 1_700_000_000.0, 0.0, 0, 0, []
    for _ in range(draw(st.integers(1, 12))):
        at += draw(gaps)
        added = draw(counts)
        if added is not None:
            volume, trades, people = volume + 7.5 * added, trades + added, people + added // 2
        told = (volume, trades, people) if added is not None else (None, None, None)
        found.append(Tick(at, draw(prices), *told, draw(st.none() | st.floats(0.0, 0.5))))
    return found


def named(state: FeatureState, at: float, around: Surroundings = NOWHERE) -> dict[str, float]:
    return dict(zip(NAMES, features_of(state, at, around), strict=True))


def test_there_are_eleven_and_each_says_what_it_is_when_missing() -> None:
    assert NAMES == (
        "total_volume", "participant_count", "days_remaining", "price_volatility", "volume_trend", "social_sentiment",
        "news_sentiment", "historical_accuracy", "category_risk", "liquidity_score", "momentum_indicator",
    )  # fmt: skip
    assert named(FeatureState(), 0.0) == {spec.name: spec.missing for spec in FEATURES}
    assert all(spec.formula and spec.unit and spec.window for spec in FEATURES)


def test_values_by_hand() -> None:
    ticks = [Tick(0.0, 0.5, 9.0, 2, 1), Tick(DAY_S, 0.6, 99.0, 4, 3)]
    found = named(fold(ticks), DAY_S, Surroundings(closes_at=11 * DAY_S, social_sentiment=0.25, category_risk=0.3))
    step = log_odds(0.6)
    assert found["total_volume"] == pytest.approx(2.0)
    assert found["participant_count"] == pytest.approx(math.log(4), abs=1e-6)
    assert found["days_remaining"] == 10.0
    # One step in a day, of which the half-life of seven days keeps nearly all.
    day = (1 - 2 ** (-1 / 7)) * 7 / math.log(2)
    assert found["price_volatility"] == pytest.approx(step / math.sqrt(day), abs=1e-6)
    # The mean over time has seen nothing but one half until now.
    assert found["momentum_indicator"] == pytest.approx(step, abs=1e-6)
    # Two trades moved the price by a tenth: one twentieth each.
    assert found["liquidity_score"] == pytest.approx(1 / (1 + 50 * 0.05), abs=1e-6)
    assert (found["social_sentiment"], found["category_risk"]) == (0.25, 0.3)


def test_a_quoted_spread_says_more_than_steps() -> None:
    assert liquidity(fold([Tick(0.0, 0.5, spread=0.02)])) == pytest.approx(0.5)


def test_trade_that_stops_is_a_falling_trend_and_one_that_swells_a_rising() -> None:
    steady = [Tick(day * DAY_S, 0.5, 10.0 * day, day, 2) for day in range(30)]
    last = fold(steady)
    assert volume_trend(last, 29 * DAY_S) == pytest.approx(0.0, abs=0.25)
    assert volume_trend(last, 39 * DAY_S) < -0.9
    swollen = last.advanced(Tick(29.5 * DAY_S, 0.5, 5_000.0, 40, 9))
    assert volume_trend(swollen, 29.5 * DAY_S) > 0.5


@given(histories(), st.integers(0, 11), gaps)
def test_a_later_tick_changes_nothing_of_what_was_read_before(ticks: list[Tick], cut: int, gap: float) -> None:
    cut = min(cut, len(ticks) - 1)
    at = ticks[cut].at + gap
    known = [tick for tick in ticks if tick.at <= at]
    before = features_of(fold(known), at, NOWHERE)
    # Recomputed from the whole history with everything after that moment turned upside down.
    other = [tick if tick.at <= at else Tick(tick.at, 1.0 - tick.price, 1e9, 10**6, 10**6) for tick in ticks]
    assert features_of(fold(tick for tick in other if tick.at <= at), at, NOWHERE) == before


@given(histories(), st.integers(0, 12))
def test_folding_in_two_parts_through_json_is_folding_at_once(ticks: list[Tick], cut: int) -> None:
    stored = json.loads(json.dumps(fold(ticks[:cut]).document()))
    assert fold(ticks[cut:], FeatureState(**stored)) == fold(ticks)


@given(histories(), gaps)
def test_values_stay_finite_and_within_their_bounds(ticks: list[Tick], gap: float) -> None:
    state, at = fold(ticks), ticks[-1].at + gap
    found = named(state, at)
    assert all(math.isfinite(value) for value in found.values())
    assert -1.0 <= found["volume_trend"] <= 1.0
    assert 0.0 <= found["liquidity_score"] <= 1.0
    assert volatility(state, at) >= 0.0
    assert abs(momentum(state, at)) <= 2 * log_odds(1.0) + 1e-9


def test_reading_before_the_last_tick_is_refused() -> None:
    with pytest.raises(AssertionError, match="look back"):
        features_of(fold([Tick(10.0, 0.5)]), 9.0, NOWHERE)
