"""A market that this process doesn't know is read while others trade on it, and who waits in vain stays in the know."""

import threading
from functools import partial

import pytest
from django.db import OperationalError, connection, connections

from tests.factories.trading import funded_alice, funded_bob, live_market, order, spec
from trading.engine.replay import digest
from trading.models import Order
from trading.services import _load_apart, _market_state, execute_commands, preview_order
from trading.services._market_cache import CachedMarket
from trading.services.execute_commands import _execute
from trading.types import CancelOrder

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice():
    return funded_alice()


@pytest.fixture
def market(alice):
    return live_market()


def elsewhere(work):
    """``work`` in a thread with a connection of its own, as another process has it."""
    errors = []

    def run():
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert errors == []


def place_in(entry, user, market, **fields):
    return _execute(entry, [order(user, spec(market, price=0.1, shares=1, **fields))], is_system=False)[0]


def watched(monkeypatch, meanwhile):
    """Calls of the reading of tables; ``meanwhile`` runs in the midst of the first."""
    calls, read = [], _market_state.load_state

    def load(pipe, entry, seq):
        calls.append(seq)
        state = read(pipe, entry, seq)
        if len(calls) == 1:
            meanwhile()
        return state

    monkeypatch.setattr(_load_apart, "load_state", load)
    monkeypatch.setattr(_market_state, "load_state", load)
    monkeypatch.setattr(preview_order, "load_state", load)
    return calls


@pytest.mark.parametrize("reader", ["an order", "a preview"])
def test_others_trade_while_a_market_is_read(monkeypatch, alice, market, reader):
    bob, here, there = funded_bob(), CachedMarket(market.pk), CachedMarket(market.pk)
    place_in(there, bob, market)
    calls = watched(monkeypatch, lambda: elsewhere(partial(place_in, there, bob, market)))
    if reader == "an order":
        assert place_in(here, alice, market).status == 201
    else:
        monkeypatch.setattr(preview_order, "cached_market", lambda market_id: here)
        assert preview_order.preview_order(order(alice, spec(market, price=0.1, shares=1))).status == 200
    assert len(calls) == 1
    assert Order.objects.count() == (3 if reader == "an order" else 2)
    assert digest(here.state) == digest(preview_order._load(CachedMarket(market.pk)))


def test_what_was_decided_during_a_long_reading_is_followed_before_the_lock(monkeypatch, alice, market):
    bob, here, there = funded_bob(), CachedMarket(market.pk), CachedMarket(market.pk)
    place_in(there, bob, market)
    monkeypatch.setattr(_load_apart, "_SHORT_S", 0.0)
    seen, follow = [], _load_apart._follow
    monkeypatch.setattr(_load_apart, "_follow", lambda entry: (follow(entry), seen.append(entry.state.seq)))
    calls = watched(monkeypatch, lambda: elsewhere(partial(place_in, there, bob, market)))
    assert place_in(here, alice, market).status == 201
    assert (calls, set(seen)) == ([there.state.seq - 1], {there.state.seq})


def test_who_waits_for_the_lock_in_vain_needn_t_read_the_market_again(monkeypatch, alice, market):
    here = CachedMarket(market.pk)
    first = place_in(here, alice, market)
    state = here.state
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
    entered, leave = threading.Event(), threading.Event()

    def hold():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM markets_markethead WHERE market_id = %s FOR UPDATE", [market.pk])
            entered.set()
            leave.wait(10)
            cursor.execute("ROLLBACK")

    holder = threading.Thread(target=partial(elsewhere, hold))
    holder.start()
    try:
        assert entered.wait(10)
        calls = watched(monkeypatch, list)
        with pytest.raises(OperationalError, match="lock timeout"):
            place_in(here, alice, market)
    finally:
        leave.set()
        holder.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    assert here.state is state
    assert Order.objects.count() == 1
    assert place_in(here, alice, market).status == 201
    assert (first.status, calls) == (201, [])


def test_a_process_that_slept_through_much_reads_the_market_before_it_locks(monkeypatch, alice, market):
    bob, here, there = funded_bob(), CachedMarket(market.pk), CachedMarket(market.pk)
    place_in(here, alice, market)
    for _ in range(4):
        place_in(there, bob, market)
    monkeypatch.setattr(_market_state, "RECORDS_MAX", 2)
    is_locked = []

    def look():
        elsewhere(lambda: is_locked.append(_is_locked(market)))

    calls = watched(monkeypatch, look)
    assert place_in(here, alice, market).status == 201
    assert (len(calls), is_locked) == (1, [False])
    assert digest(here.state) == digest(preview_order._load(CachedMarket(market.pk)))


def test_who_can_t_catch_up_reads_under_the_lock(monkeypatch, alice, market):
    bob, here, there = funded_bob(), CachedMarket(market.pk), CachedMarket(market.pk)
    place_in(here, alice, market)
    place_in(there, bob, market)
    monkeypatch.setattr(_market_state, "RECORDS_MAX", 0)
    calls = watched(monkeypatch, lambda: elsewhere(partial(place_in, there, bob, market)))
    assert place_in(here, alice, market).status == 201
    assert calls == [there.state.seq - 1, there.state.seq], "apart, then under the lock"
    assert digest(here.state) == digest(preview_order._load(CachedMarket(market.pk)))


def test_a_state_that_was_changed_for_nothing_is_read_again(monkeypatch, alice, market):
    here = CachedMarket(market.pk)
    answer = place_in(here, alice, market)
    assert answer.status == 201

    def broken(*args):
        raise OperationalError("lost")

    with monkeypatch.context() as patch:
        patch.setattr(execute_commands.Batch, "_lock", broken)
        patch.setattr(execute_commands, "HASTY_COMMANDS_MAX", 0)
        with pytest.raises(OperationalError, match="lost"):
            place_in(here, alice, market)
    assert here.state is None
    cancel = CancelOrder(alice.pk, Order.objects.get().pk)
    assert _execute(here, [cancel], is_system=False)[0].status == 200


def _is_locked(market):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM markets_markethead WHERE market_id = %s FOR UPDATE SKIP LOCKED", [market.pk])
        return cursor.fetchone() is None
