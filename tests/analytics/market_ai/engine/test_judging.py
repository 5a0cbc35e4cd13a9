"""Promotion, drift, risk words: the rules that read numbers."""

from typing import Any

import pytest

from analytics.market_ai.engine.drift import cuts_of, stability_index
from analytics.market_ai.engine.features import FEATURES
from analytics.market_ai.engine.forecasting import ColdMarket, MarketStanding, forecast
from analytics.market_ai.engine.predictor import Predictor
from analytics.market_ai.engine.promotion import objections
from analytics.market_ai.engine.risk import Facts, assessed
from analytics.market_ai.types import RiskLevel

BETTER = {"mean": -0.001, "low": -0.002, "high": 0.001, "is_noise": True}
NOISE = {"mean": 0.001, "low": -0.001, "high": 0.002, "is_noise": True}
WORSE = {"mean": 0.003, "low": 0.001, "high": 0.004, "is_noise": False}


def entry(**fields: Any) -> dict[str, Any]:
    return {
        "brier_difference": BETTER,
        "log_loss_difference": BETTER,
        "interval_coverage": 0.8,
        "interval_contracts": 500,
    } | fields


def metrics(**fields: Any) -> dict[str, Any]:
    return {"pooled": entry(), "sources": {"here": entry()}, "against_live": None} | fields


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (metrics(), []),
        (metrics(pooled=entry(brier_difference=NOISE)), ["Its Brier score is 0.00100 worse than the price's."]),
        (metrics(sources={"here": entry(log_loss_difference=NOISE)}), []),
        (
            metrics(sources={"": entry(log_loss_difference=WORSE)}),
            ["In this site its log loss is worse than the price's by more than noise."],
        ),
        (metrics(pooled=entry(interval_coverage=0.84)), ["Its 80 % interval held 84.0% of the answers."]),
        (metrics(pooled=entry(interval_coverage=0.84, interval_contracts=99)), []),
        (metrics(against_live={"model": 3, "brier": NOISE, "log_loss": NOISE}), []),
        (
            metrics(against_live={"model": 3, "brier": WORSE, "log_loss": NOISE}),
            ["Its Brier score is worse than that of live model 3 by more than noise."],
        ),
    ],
)
def test_objections(found: dict[str, Any], words: list[str]) -> None:
    assert objections(found, contracts=100, live_contracts=100) == words


def test_a_model_that_learned_from_far_less_is_refused() -> None:
    assert objections(metrics(), contracts=80, live_contracts=100) == []
    refused = objections(metrics(), contracts=79, live_contracts=100)
    assert refused == ["It learned from 79 contracts, the live model from 100."]


def test_stability_is_nothing_for_the_same_and_much_for_others() -> None:
    then = cuts_of([float(value) for value in range(100)])
    assert len(then["cuts"]) == 9
    assert stability_index(then, [float(value) for value in range(100)]) == pytest.approx(0.0, abs=1e-9)
    shifted = stability_index(then, [float(value + 60) for value in range(100)])
    assert shifted is not None
    assert shifted > 0.25
    assert stability_index(then, [1.0] * 29) is None


def test_a_constant_feature_has_not_drifted_while_it_is_constant() -> None:
    then = cuts_of([0.0] * 50)
    assert stability_index(then, [0.0] * 50) == pytest.approx(0.0, abs=1e-9)
    drifted = stability_index(then, [-1.0] * 50)
    assert drifted is not None
    assert drifted > 0.25


CALM = {spec.name: spec.missing for spec in FEATURES} | {"liquidity_score": 0.9}


def facts(**fields: Any) -> Facts:
    given: dict[str, Any] = {
        "features": CALM, "traders": 40, "width": 0.3, "gap": 0.01, "is_source_known": True, "lead": 0.8
    } | fields  # fmt: skip
    return Facts(**given)


@pytest.mark.parametrize(
    ("fields", "level", "words"),
    [
        ({}, RiskLevel.LOW, ()),
        ({"traders": 7}, RiskLevel.MEDIUM, ("Only 7 traders set this price.",)),
        ({"traders": None}, RiskLevel.LOW, ()),
        ({"gap": 0.08}, RiskLevel.MEDIUM, ("The estimate is 8.0% away from the price.",)),
        (
            {"traders": 3, "lead": 0.55},
            RiskLevel.HIGH,
            ("Only 3 traders set this price.", "It is nearly even: the leading answer has 55%."),
        ),
        ({"features": CALM | {"liquidity_score": 0.2}}, RiskLevel.MEDIUM,
         ("A single trade moves the price by about 8.0%.",)),
    ],
)  # fmt: skip
def test_risk_in_words(fields: dict[str, Any], level: RiskLevel, words: tuple[str, ...]) -> None:
    assert assessed(facts(**fields)) == (level, words)


@pytest.mark.parametrize(
    ("traders", "ticks", "reason"),
    [
        (1, 9, "1 of 2 traders that an estimate needs have traded."),
        (2, 2, "Its price moved in 2 minutes so far; an estimate needs 3."),
        (None, 0, "Its price moved in 0 minutes so far; an estimate needs 3."),
    ],
)
def test_a_cold_market_says_why(traders: int | None, ticks: int, reason: str, trained: Any) -> None:
    market = MarketStanding("here", True, (0.5, 0.5), traders)
    assert forecast(market, [CALM], [ticks], Predictor(trained.document)) == ColdMarket(reason)
