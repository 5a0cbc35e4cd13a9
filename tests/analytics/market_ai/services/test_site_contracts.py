"""The site's own answers: what training reads, what standings count, what the drift watch compares."""

import math
from datetime import timedelta

import pytest
import time_machine

from analytics.market_ai.engine.learning.training import Trained
from analytics.market_ai.models import AnsweredContract, MarketPrediction, ModelVersion, PredictionRecord, Standing
from analytics.market_ai.services.count_answered import count_answered
from analytics.market_ai.services.refresh_predictions import refresh_predictions
from analytics.market_ai.services.site_contracts import site_contracts
from analytics.market_ai.services.watch_drift import watch_drift
from common import clock
from markets.models import Market
from tests.factories.trading import LIQUIDITY, funded_alice, funded_bob, live_market, place, resolve

pytestmark = pytest.mark.django_db


def traded(minutes: int = 4) -> Market:
    market = live_market(liquidity_lots=LIQUIDITY, challenge_window_s=0)
    start, people = clock.now(), [funded_alice(), funded_bob()]
    for minute in range(minutes):
        with clock.replaying(start + timedelta(minutes=minute)):
            assert place(people[minute % 2], market, price=None, shares=100).is_accepted
    return market


def test_a_resolved_market_becomes_a_contract_of_what_was_known(trained: Trained) -> None:
    market = traded()
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        assert site_contracts() == []
        resolve(market, (10_000, 0))
        (found,) = site_contracts()
    assert (found.key, found.source, found.category, found.outcome) == (f"{market.pk}/0", "", "science", 1)
    assert len(found.ticks) == 4
    assert [tick.trades for tick in found.ticks] == [1, 2, 3, 4]
    assert [tick.participants for tick in found.ticks] == [1, 2, 2, 2]
    assert all(
        before.at < after.at < found.ends_at for before, after in zip(found.ticks, found.ticks[1:], strict=False)
    )
    assert found.ticks[-1].price > found.ticks[0].price > 0.5


def test_training_and_serving_see_the_same_features(live_model: ModelVersion) -> None:
    from_serving, market = {}, traded()
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        refresh_predictions()
        from_serving = MarketPrediction.objects.get(pk=market.pk).features
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        resolve(market, (10_000, 0))
        (contract,) = site_contracts()
    totals = contract.ticks[-1]
    assert totals.volume is not None
    assert from_serving["total_volume"] == pytest.approx(math.log10(1 + totals.volume), abs=1e-6)


def test_an_answer_is_counted_once(trained: Trained) -> None:
    market = traded()
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        resolve(market, (0, 10_000))
        assert count_answered() == 1
        assert count_answered() == 0
    assert AnsweredContract.objects.count() == 1
    rows = {(one.kind, one.name): (one.count, one.total) for one in Standing.objects.all()}
    assert rows["category", "science"] == (1, 1.0)
    count, total = rows["source", ""]
    assert (count, total > 0.25) == (1, True)


def test_drift_and_record_are_kept_on_the_live_version(live_model: ModelVersion) -> None:
    market = traded()
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=False):
        refresh_predictions()
    record = PredictionRecord.objects.get()
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
        resolve(market, (10_000, 0))
        told = watch_drift()
    live_model.refresh_from_db()
    assert live_model.drift == told
    assert told["index"]["total_volume"] is None  # one market is too few
    assert told["record"]["contracts"] == 1
    assert told["record"]["brier_model"] == pytest.approx((1 - record.probability) ** 2, abs=1e-6)
    assert told["record"]["brier_price"] == pytest.approx((1 - record.price) ** 2, abs=1e-6)


def test_without_a_live_model_there_is_nothing_to_watch() -> None:
    assert watch_drift() == {}
