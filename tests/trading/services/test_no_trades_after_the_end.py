"""What a sweep had to leave for the next command isn't filled by the cancels that end a market."""

import pytest

from markets.services.close_market import close_market
from markets.services.halt_market import halt_market
from markets.services.resume_market import resume_market
from tests.factories.trading import LIQUIDITY, document, funded_alice, funded_bob, live_categorical_market, place, run
from trading.engine import sweep
from trading.models import Order, Trade
from trading.services.cancel_all import cancel_all
from trading.services.replay_market import replay_market
from trading.types import CancelOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def crossed(monkeypatch):
    """A market in which two bids still lie above the price of the rule; one more order rests far away."""
    monkeypatch.setattr(sweep, "SWEEP_STEPS_MAX", 1)
    alice, bob, market = funded_alice(), funded_bob(), live_categorical_market(liquidity_lots=LIQUIDITY)
    for _ in range(3):
        assert place(alice, market, "buy", 1, price=0.32, shares=1).status == 201
    far = document(place(alice, market, "buy", 2, price=0.01, shares=1))
    assert place(bob, market, "buy", 0, price=None, shares=200).status == 201
    assert Order.objects.filter(market_id=market.pk, status="open", outcome=1).exists()
    return alice, market, far["id"]


def test_the_end_of_a_market_cancels_and_fills_nothing(crossed):
    _, market, _ = crossed
    trades, resting = Trade.objects.count(), Order.objects.filter(status="open").count()
    close_market(market_id=market.pk, actor_id=None)
    assert cancel_all(market.pk) == resting
    assert Trade.objects.count() == trades
    assert replay_market(market_id=market.pk).mistakes == []


def test_a_cancel_during_a_halt_fills_nothing_and_replays_so(crossed):
    alice, market, far = crossed
    trades = Trade.objects.count()
    halt_market(market_id=market.pk, actor_id=None, reason="News are coming.")
    assert run(market, CancelOrder(alice.pk, far))[0].status == 200
    assert Trade.objects.count() == trades
    resume_market(market_id=market.pk, actor_id=None)
    assert place(alice, market, "buy", 2, price=0.01, shares=1).status == 201
    assert Trade.objects.count() == trades + 1
    report = replay_market(market_id=market.pk)
    assert (report.mistakes, report.is_equal) == ([], True)
