"""Orders that are good till a date: they rest until then, and never trade later."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from common import clock
from common.money import CASH_SCALE
from markets.models import Market, MarketEvent
from markets.services.halt_market import halt_market
from tests.factories.trading import document, funded_alice, funded_bob, live_market, place, run, wallet
from trading.models import Order, Trade
from trading.services._market_cache import cached_market
from trading.services.answer import Answer
from trading.services.replay_market import replay_market
from trading.tasks import expire_due_orders
from trading.types import CancelOrder, TimeInForce

pytestmark = pytest.mark.django_db


@pytest.fixture
def end() -> datetime:
    return clock.now() + timedelta(minutes=5)


def dated(user: User, market: Market, end: datetime, **fields: Any) -> Answer:
    return place(user, market, price=0.62, time_in_force=TimeInForce.GTD, valid_until=end, **fields)


def test_it_rests_holds_and_tells_when_it_ends(end: datetime) -> None:
    alice, market = funded_alice(), live_market()
    found = document(dated(alice, market, end))
    assert (found["time_in_force"], found["status"], found["valid_until"]) == ("gtd", "open", None)
    assert found["expires_at"] == clock.rfc3339(end)
    assert wallet(alice).held == 620_000_000


@pytest.mark.parametrize("is_cached", [True, False])
def test_nobody_trades_with_it_after_its_end(end: datetime, is_cached: bool) -> None:
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    dated(alice, market, end)
    if not is_cached:
        cached_market(market.pk).forget()
    with clock.replaying(end):
        answer = place(bob, market, outcome=1, price=0.40)
    assert document(answer)["status"] == "open"
    assert not Trade.objects.exists()
    old, new = Order.objects.order_by("id")
    assert (old.status, old.filled, old.hold_cash) == ("cancelled", 0, 0)
    assert new.status == "open"
    assert (wallet(alice).cash, wallet(alice).held) == (1_000 * CASH_SCALE, 0)
    kinds = list(MarketEvent.objects.filter(market=market, seq__gt=2).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["order_placed", "order_cancelled", "order_placed"]
    assert replay_market(market_id=market.pk).is_equal


def test_before_its_end_it_is_filled(end: datetime) -> None:
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    dated(alice, market, end)
    with clock.replaying(end - timedelta(milliseconds=1)):
        assert document(place(bob, market, outcome=1, price=0.40))["status"] == "filled"
    with clock.replaying(end):
        assert expire_due_orders() == 0
    assert Order.objects.filter(status="filled").count() == 2


def test_the_sweep_frees_what_it_held_when_nobody_trades(end: datetime) -> None:
    alice, market = funded_alice(), live_market()
    dated(alice, market, end)
    dated(alice, market, end + timedelta(minutes=1))
    with clock.replaying(end - timedelta(seconds=1)):
        assert expire_due_orders() == 0
    assert wallet(alice).held == 2 * 620_000_000
    with clock.replaying(end):
        assert expire_due_orders() == 1
        assert expire_due_orders() == 0
    assert wallet(alice).held == 620_000_000
    assert list(Order.objects.order_by("id").values_list("status", flat=True)) == ["cancelled", "open"]


def test_the_sweep_works_on_a_halted_market(end: datetime) -> None:
    alice, market = funded_alice(), live_market()
    dated(alice, market, end)
    halt_market(market_id=market.pk, actor_id=None, reason="Looking into it.")
    with clock.replaying(end):
        assert expire_due_orders() == 1
    assert wallet(alice).held == 0


def test_one_that_was_cancelled_before_is_left_alone(end: datetime) -> None:
    alice, market = funded_alice(), live_market()
    placed = document(dated(alice, market, end))
    run(market, CancelOrder(alice.pk, placed["id"]))
    with clock.replaying(end):
        assert document(place(alice, market, price=0.30))["seq"] == placed["seq"] + 2
