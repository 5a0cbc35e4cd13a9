from collections import deque

import pytest
from django.db import DataError, OperationalError

from markets.errors import MarketNotFound
from tests.factories.trading import document, funded_alice, live_market, order, spec
from trading.errors import TradingBusy
from trading.models import Order, Position
from trading.services import submit as door
from trading.services._market_cache import cached_market
from trading.services.execute_commands import execute
from trading.services.submit import submit, submit_together
from trading.types import CancelOrder, MintSets

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_queues(monkeypatch):
    """Some are left as if somebody led, and a later test may have a market of the same number."""
    monkeypatch.setattr(door, "_queues", {})


def waiting_with(*commands):
    """Tickets of other threads that wait already."""
    queue = door._queues[commands[0].spec.market_id] = door._Queue()
    tickets = [door._Ticket(command) for command in commands]
    queue.waiting.extend(tickets)
    return queue, tickets


def test_orders_know_their_market_and_other_commands_are_told_it():
    alice, market = funded_alice(), live_market()
    placed = document(submit(order(alice, spec(market))))
    assert submit(CancelOrder(alice.pk, placed["id"]), market_id=market.pk).status == 200
    assert submit(MintSets(alice.pk, 10_000), market_id=market.pk).status == 201


def test_the_leader_executes_all_who_wait(monkeypatch):
    alice, market = funded_alice(), live_market()
    batches = []
    monkeypatch.setattr(door, "execute", lambda m, commands, **_: batches.append(len(commands)) or execute(m, commands))
    queue, tickets = waiting_with(*[order(alice, spec(market, shares=1)) for _ in range(4)])
    assert submit(order(alice, spec(market, shares=1))).status == 201
    assert batches == [5]
    assert all(ticket.answer.status == 201 and ticket.gate.acquire(blocking=False) for ticket in tickets)
    assert (queue.waiting, queue.is_led) == (deque(), False)


def test_a_long_queue_is_executed_in_bounded_batches(monkeypatch):
    alice, market = funded_alice(), live_market()
    monkeypatch.setattr(door, "BATCH_MAX", 2)
    _, tickets = waiting_with(*[order(alice, spec(market, shares=1)) for _ in range(4)])
    submit(order(alice, spec(market, shares=1)))
    assert [ticket.answer.seq for ticket in tickets] == [3, 4, 5, 6]


def test_who_is_done_hands_over_to_who_waits_longest(monkeypatch):
    alice, market = funded_alice(), live_market()
    queue, (first,) = waiting_with(order(alice, spec(market, shares=1)))
    late = door._Ticket(order(alice, spec(market, shares=1)))

    def executing(market_id, commands, **_):
        queue.waiting.append(late)
        return execute(market_id, commands)

    with monkeypatch.context() as patch:
        patch.setattr(door, "execute", executing)
        submit(order(alice, spec(market, shares=1)))
    assert first.is_done
    assert not late.is_done
    assert queue.is_led
    assert late.gate.acquire(blocking=False)


def test_one_bad_command_fails_alone(monkeypatch):
    alice, market = funded_alice(), live_market()
    bad = order(alice, spec(market), "bad")

    def picky(market_id, commands, **_):
        if bad in commands:
            raise DataError("bigint out of range")
        return execute(market_id, commands)

    monkeypatch.setattr(door, "execute", picky)
    _, tickets = waiting_with(order(alice, spec(market, shares=1)), bad, order(alice, spec(market, shares=2)))
    assert submit(order(alice, spec(market, shares=3))).status == 201
    assert [ticket.answer and ticket.answer.status for ticket in tickets] == [201, None, 201]
    assert isinstance(tickets[1].error, TradingBusy)
    assert Order.objects.count() == 3


def test_nothing_runs_again_after_a_connection_broke_since_it_may_have_been_kept(monkeypatch):
    alice, market = funded_alice(), live_market()

    def kept_but_not_told(market_id, commands, **_):
        execute(market_id, commands)
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(door, "execute", kept_but_not_told)
    _, (other,) = waiting_with(order(alice, spec(market, shares=1), "known"))
    with pytest.raises(TradingBusy):
        submit(MintSets(alice.pk, 10_000), market_id=market.pk)
    assert isinstance(other.error, TradingBusy)
    assert list(Position.objects.values_list("quantity", flat=True)) == [10_000, 10_000]
    monkeypatch.undo()
    assert submit(other.command).is_replay


def test_a_mistake_of_ours_is_raised_as_it_is(monkeypatch):
    alice, market = funded_alice(), live_market()

    def broken(market_id, commands, **_):
        raise AssertionError("credits are conserved")

    monkeypatch.setattr(door, "execute", broken)
    with pytest.raises(AssertionError, match="credits are conserved"):
        submit(order(alice, spec(market)))
    assert not door._queues[market.pk].is_led


def test_a_thread_that_is_ended_leaves_nobody_waiting(monkeypatch):
    alice, market = funded_alice(), live_market()

    def ended(market_id, commands, **_):
        raise SystemExit

    monkeypatch.setattr(door, "execute", ended)
    queue, (other,) = waiting_with(order(alice, spec(market)))
    with pytest.raises(SystemExit):
        submit(order(alice, spec(market)))
    assert isinstance(other.error, TradingBusy)
    assert other.gate.acquire(blocking=False)
    assert not queue.is_led


def test_too_long_a_queue_is_refused(monkeypatch):
    alice, market = funded_alice(), live_market()
    monkeypatch.setattr(door, "WAITING_MAX", 1)
    waiting_with(order(alice, spec(market)))
    with pytest.raises(TradingBusy) as caught:
        submit(order(alice, spec(market)))
    assert (caught.value.status, caught.value.code, caught.value.extra) == (503, "trading.busy", {"retry_after": 1})
    assert not Order.objects.exists()


def test_an_unknown_market_is_told():
    alice, market = funded_alice(), live_market()
    with pytest.raises(MarketNotFound):
        submit(MintSets(alice.pk, 10_000), market_id=market.pk + 2**40)


def test_who_comes_while_another_process_has_the_lock_joins_the_batch():
    alice, market = funded_alice(), live_market()
    entry = cached_market(market.pk)
    late = [order(alice, spec(market, shares=1)) for _ in range(2)]
    entry.is_shared = True
    assert [a.seq for a in execute(market.pk, [order(alice, spec(market, shares=1))], more=lambda: late)] == [3, 4, 5]
    entry.is_shared = False
    assert [a.seq for a in execute(market.pk, [order(alice, spec(market, shares=1))], more=lambda: late)] == [6]
    assert Order.objects.count() == 4


def test_late_orders_get_their_answers(monkeypatch):
    alice, market = funded_alice(), live_market()
    queue, (first,) = waiting_with(order(alice, spec(market, shares=1)))
    late = [door._Ticket(order(alice, spec(market, shares=1))) for _ in range(5)]
    taken = queue.take

    def taking(count):
        batch = taken(count)
        queue.waiting.extend(late if not batch or batch[0] is first else ())
        return batch

    cached_market(market.pk).is_shared = True
    with monkeypatch.context() as patch:
        patch.setattr(door._Queue, "take", lambda self, count: taking(count))
        own = submit(order(alice, spec(market, shares=1)))
    assert (first.answer.seq, own.seq) == (3, 4)
    assert [ticket.answer.seq for ticket in late] == [5, 6, 7, 8, 9]
    assert all(ticket.gate.acquire(blocking=False) for ticket in late)
    assert Order.objects.count() == 7


def test_the_orders_of_one_caller_stay_together(monkeypatch):
    alice, market = funded_alice(), live_market()
    batches = []
    monkeypatch.setattr(door, "execute", lambda m, commands, **_: batches.append(len(commands)) or execute(m, commands))
    monkeypatch.setattr(door, "BATCH_MAX", 2)
    _, (other,) = waiting_with(order(alice, spec(market, shares=1)))
    answers = submit_together(market.pk, [order(alice, spec(market, shares=1)) for _ in range(3)])
    assert (batches, other.answer.seq, [answer.seq for answer in answers]) == ([4], 3, [4, 5, 6])


def test_a_batch_that_finds_the_queue_full_is_told_for_each_item(monkeypatch):
    alice, market = funded_alice(), live_market()
    monkeypatch.setattr(door, "WAITING_MAX", 1)
    waiting_with(order(alice, spec(market)))
    answers = submit_together(market.pk, [order(alice, spec(market)), order(alice, spec(market))])
    assert [answer.code for answer in answers] == ["trading.busy", "trading.busy"]
    assert not Order.objects.exists()
