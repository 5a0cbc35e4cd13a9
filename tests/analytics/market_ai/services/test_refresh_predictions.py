"""Estimates of markets that trade here: made when something changed, by the code that training uses."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analytics.market_ai.models import MarketPrediction, ModelVersion, PredictionRecord
from analytics.market_ai.selectors.predictions import market_predictions
from analytics.market_ai.services.refresh_predictions import refresh_predictions
from common import clock
from markets.models import Market
from tests.factories.trading import LIQUIDITY, funded_alice, funded_bob, live_categorical_market, live_market, place

pytestmark = pytest.mark.django_db


def traded(market: Market, minutes: int = 4) -> None:
    """Alice and bob buy yes in turns, a minute apart, and the market then lies still for two."""
    start = clock.now()
    people = [funded_alice(), funded_bob()]
    for minute in range(minutes):
        with clock.replaying(start + timedelta(minutes=minute)):
            assert place(people[minute % 2], market, price=None, shares=100).is_accepted


def test_a_traded_market_gets_an_estimate_beside_its_price(live_model: ModelVersion) -> None:
    market = live_market(liquidity_lots=LIQUIDITY)
    traded(market)
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        assert refresh_predictions() == 1
    found = market_predictions([market.pk])[market.pk]
    yes, no = found.outcomes
    assert not found.is_cold
    assert (found.model_version, found.slugs) == (live_model.pk, ("yes", "no"))
    assert yes.probability + no.probability == pytest.approx(1.0, abs=1e-6)
    assert yes.low <= yes.probability <= yes.high
    assert yes.price > 0.5
    # The model learned that prices are shy.
    assert yes.probability > yes.price
    assert found.features["participant_count"] == pytest.approx(1.098612)
    assert found.risk_level == "high"
    assert "Only 2 traders set this price." in found.risk_reasons
    assert PredictionRecord.objects.count() == 1


def test_nothing_is_done_while_nothing_changed_and_little_is_asked_of_the_database(live_model: ModelVersion) -> None:
    market = live_market(liquidity_lots=LIQUIDITY)
    traded(market)
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False) as now:
        with CaptureQueriesContext(connection) as queries:
            refresh_predictions()
        first = len(queries)
        assert refresh_predictions() == 0
        place(funded_alice(), market, price=None, shares=600)
        # Debounced: ten seconds after the last estimate at the earliest.
        assert refresh_predictions() == 0
        now.shift(timedelta(seconds=11))
        assert refresh_predictions() == 1
        now.shift(timedelta(hours=1, seconds=1))
        assert refresh_predictions() == 1
    assert first <= 16


def test_costs_don_t_grow_with_the_markets_of_a_round(live_model: ModelVersion) -> None:
    for _ in range(2):
        traded(live_market(liquidity_lots=LIQUIDITY))
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False), CaptureQueriesContext(connection) as two:
        assert refresh_predictions() == 2
    for _ in range(3):
        traded(live_market(liquidity_lots=LIQUIDITY))
    with (
        time_machine.travel(clock.now() + timedelta(minutes=30), tick=False),
        CaptureQueriesContext(connection) as more,
    ):
        assert refresh_predictions() == 3
    assert len(more) == len(two) - 1  # the model is in memory by now


def test_folding_on_gives_what_folding_at_once_gives(live_model: ModelVersion) -> None:
    market = live_market(liquidity_lots=LIQUIDITY)
    traded(market)
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        refresh_predictions()
        traded(market)
    with time_machine.travel(clock.now() + timedelta(minutes=30), tick=False):
        refresh_predictions()
        step_by_step = MarketPrediction.objects.get(pk=market.pk).features
        from_scratch(market)
        refresh_predictions()
        assert MarketPrediction.objects.get(pk=market.pk).features == step_by_step


def from_scratch(market: Market) -> None:
    MarketPrediction.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM market_ai_marketfeatures")


def test_a_cold_market_answers_with_its_reason(live_model: ModelVersion) -> None:
    market = live_market(liquidity_lots=LIQUIDITY)
    refresh_predictions()
    found = market_predictions([market.pk])[market.pk]
    assert (found.is_cold, found.outcomes) == (True, ())
    assert found.cold_reason == "Its price moved in 0 minutes so far; an estimate needs 3."
    place(funded_alice(), market, price=None, shares=100)
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=False):
        refresh_predictions()
    found = market_predictions([market.pk])[market.pk]
    assert found.cold_reason == "1 of 2 traders that an estimate needs have traded."
    assert not PredictionRecord.objects.exists()


def test_without_a_live_model_there_is_no_guess(db: None) -> None:
    market = live_market(liquidity_lots=LIQUIDITY)
    traded(market)
    refresh_predictions()
    found = market_predictions([market.pk])[market.pk]
    assert found.cold_reason == "No model has been trained yet that is better than the price."
    # A model asks all markets at once, however fresh they are: the next round would find it.
    assert refresh_predictions() == 0


def test_a_damaged_model_gives_no_estimate(live_model: ModelVersion) -> None:
    market = live_market(liquidity_lots=LIQUIDITY)
    traded(market)
    ModelVersion.objects.filter(pk=live_model.pk).update(artefact=bytes(live_model.artefact)[:-1] + b"!")
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        refresh_predictions()
    found = market_predictions([market.pk])[market.pk]
    assert found.cold_reason == "The stored model can't be read; staff have to train or roll back."


def test_outcomes_of_a_market_sum_to_one(live_model: ModelVersion) -> None:
    market = live_categorical_market(liquidity_lots=LIQUIDITY)
    traded(market)
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        refresh_predictions()
    found = market_predictions([market.pk])[market.pk]
    assert len(found.outcomes) == 3
    assert sum(one.probability for one in found.outcomes) == pytest.approx(1.0, abs=1e-5)
