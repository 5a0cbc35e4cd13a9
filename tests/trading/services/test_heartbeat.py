"""Heartbeats: on silence everything goes, and a beat in time keeps it."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError

from accounts.models import User
from common import clock
from markets.services.halt_market import halt_market
from opinion_market import silence
from tests.factories.trading import document, funded_alice, funded_bob, live_market, place, wallet
from trading.errors import TradingBusy
from trading.models import Heartbeat, Order
from trading.selectors.silence import heartbeat_of
from trading.services import heartbeat
from trading.services.heartbeat import beat, stop_heartbeat, sweep_silence
from trading.tasks import cancel_for_silence
from trading.types import OrderType, Ties

pytestmark = pytest.mark.django_db


def after(seconds: float) -> datetime:
    return clock.now() + timedelta(seconds=seconds)


@pytest.fixture
def alice() -> User:
    alice = funded_alice()
    first, second = live_market(), live_market()
    place(alice, first, price=0.3)
    place(alice, second, price=0.3)
    place(alice, second, price=0.9, type=OrderType.STOP_LIMIT, ties=Ties(6_000))
    return alice


def statuses(user: User) -> list[str]:
    return list(Order.objects.filter(user=user).order_by("id").values_list("status", flat=True))


def test_silence_cancels_everything_of_this_trader_once(alice: User) -> None:
    bob = funded_bob()
    place(bob, live_market(), price=0.3)
    beat(user_id=alice.pk, timeout_s=10)
    with clock.replaying(after(9.9)):
        assert cancel_for_silence() == 0
    assert statuses(alice) == ["open", "open", "waiting"]
    late = after(10.1)
    with clock.replaying(late):
        assert cancel_for_silence() == 1
        assert cancel_for_silence() == 0
    assert statuses(alice) == ["cancelled"] * 3
    assert wallet(alice).held == 0
    assert statuses(bob) == ["open"]
    found = heartbeat_of(alice.pk)
    assert found is not None
    assert (found.due_at, found.cancelled) == (None, 3)
    assert found.silent_at is not None
    assert abs(found.silent_at - late) < timedelta(seconds=2)


def test_a_beat_in_time_keeps_everything(alice: User) -> None:
    beat(user_id=alice.pk, timeout_s=10)
    with clock.replaying(after(8)):
        beat(user_id=alice.pk, timeout_s=10)
        with clock.replaying(after(9)):
            assert sweep_silence() == 0
    assert statuses(alice) == ["open", "open", "waiting"]


def test_one_that_was_ended_cancels_nothing(alice: User) -> None:
    beat(user_id=alice.pk, timeout_s=1)
    stop_heartbeat(user_id=alice.pk)
    with clock.replaying(after(60)):
        assert sweep_silence() == 0
    assert statuses(alice) == ["open", "open", "waiting"]


def test_a_sweep_that_died_leaves_the_trader_to_the_next(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    beat(user_id=alice.pk, timeout_s=1)

    def die(_: Heartbeat) -> None:
        raise KeyboardInterrupt

    with clock.replaying(after(2)):
        with monkeypatch.context() as broken:
            broken.setattr(heartbeat, "_cancel_orders", die)
            with pytest.raises(KeyboardInterrupt):
                sweep_silence()
        assert sweep_silence() == 0
    with clock.replaying(after(7.5)):
        assert sweep_silence() == 1
    assert statuses(alice) == ["cancelled"] * 3


def test_a_market_that_is_busy_has_another_turn(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    beat(user_id=alice.pk, timeout_s=1)
    busy = Order.objects.filter(user=alice).order_by("id")[0].market_id
    cancel_all = heartbeat.cancel_all

    def sometimes(market_id: int, *, user_id: int) -> int:
        if market_id == busy:
            raise TradingBusy("The market is busy.")
        return cancel_all(market_id, user_id=user_id)

    with clock.replaying(after(2)):
        with monkeypatch.context() as patched:
            patched.setattr(heartbeat, "cancel_all", sometimes)
            assert sweep_silence() == 1
        assert statuses(alice) == ["open", "cancelled", "cancelled"]
        assert sweep_silence() == 0
        with clock.replaying(after(1.5)):
            assert sweep_silence() == 1
    assert statuses(alice) == ["cancelled"] * 3


def test_a_beat_that_comes_meanwhile_starts_anew(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    beat(user_id=alice.pk, timeout_s=1)
    cancel_all = heartbeat.cancel_all

    def with_a_beat(market_id: int, *, user_id: int) -> int:
        beat(user_id=user_id, timeout_s=30)
        return cancel_all(market_id, user_id=user_id)

    with clock.replaying(after(2)):
        monkeypatch.setattr(heartbeat, "cancel_all", with_a_beat)
        assert sweep_silence() == 1
        found = heartbeat_of(alice.pk)
        assert found is not None
        assert found.due_at is not None
        assert (found.timeout_s, found.cancelled) == (30, 3)


def test_it_works_on_a_halted_market(alice: User) -> None:
    for order in Order.objects.filter(user=alice):
        if order.status == "waiting":
            halt_market(market_id=order.market_id, actor_id=None, reason="Looking into it.")
    beat(user_id=alice.pk, timeout_s=1)
    with clock.replaying(after(2)):
        assert sweep_silence() == 1
    assert statuses(alice) == ["cancelled"] * 3


def test_the_scheduler_looks_without_redis(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    beat(user_id=alice.pk, timeout_s=1)
    monkeypatch.setattr(silence, "close_old_connections", lambda: None)
    with clock.replaying(after(2)):
        silence.look()
    assert statuses(alice) == ["cancelled"] * 3


def test_the_scheduler_goes_on_when_postgresql_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(silence, "close_old_connections", fail)
    silence.look()
    assert "silent traders couldn't be looked for: away" in caplog.text


def test_nothing_is_due_for_who_never_beat(alice: User) -> None:
    assert heartbeat_of(alice.pk) is None
    assert sweep_silence() == 0
    assert document(place(alice, live_market(), price=0.2))["status"] == "open"
