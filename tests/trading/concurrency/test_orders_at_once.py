"""Real transactions on several connections at once."""

import random
from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Sum

from common.money import CASH_SCALE
from tests.factories.accounts import make_user
from tests.factories.trading import (
    LIQUIDITY,
    document,
    fund,
    funded_alice,
    funded_bob,
    funded_traders,
    live_market,
    order,
    spec,
    wallet,
)
from trading.models import Account, Order, Submission, Trade
from trading.services import _market_cache, execute_commands
from trading.services._market_cache import CachedMarket
from trading.services.cancel_order import cancel_order
from trading.services.execute_commands import execute
from trading.services.open_account import open_account
from trading.services.submit import submit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def prove():
    out = StringIO()
    call_command("check_invariants", stdout=out, stderr=out)
    assert "13 invariants hold" in out.getvalue()


@pytest.fixture
def processes(monkeypatch):
    """Each call then sees an empty cache of its own, as in another process each."""
    monkeypatch.setattr(execute_commands, "cached_market", CachedMarket)


def test_twins_from_many_connections_act_once(in_threads, processes):
    alice, market = funded_alice(), live_market()
    command = order(alice, spec(market), "c-1")
    answers = in_threads([partial(execute, market.pk, [command])] * 6)
    assert {answer[0].body for answer in answers} == {answers[0][0].body}
    assert sorted(answer[0].is_replay for answer in answers) == [False] + [True] * 5
    assert Order.objects.count() == Submission.objects.count() == 1
    prove()


def test_the_same_key_with_other_bodies_acts_once(in_threads, processes):
    alice, market = funded_alice(), live_market()
    commands = [order(alice, spec(market, price=price / 100), "c-1") for price in range(30, 36)]
    answers = [answer[0] for answer in in_threads([partial(execute, market.pk, [c]) for c in commands])]
    assert sorted(answer.status for answer in answers) == [201] + [409] * 5
    assert Order.objects.count() == 1
    prove()


def test_one_wallet_is_not_spent_twice(in_threads, processes):
    alice = fund(funded_alice())
    markets = [live_market() for _ in range(4)]
    work = [partial(execute, m.pk, [order(alice, spec(m, price=0.6, shares=1_000))]) for m in markets]
    answers = [answer[0] for answer in in_threads(work)]
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
    assert wallet(alice).held == 600 * CASH_SCALE
    prove()


def test_pairs_of_markets_with_the_same_traders_do_not_deadlock(in_threads, processes):
    users = funded_traders(6, credits=5_000)
    markets = [live_market(liquidity_lots=LIQUIDITY) for _ in range(3)]

    def trade(seed):
        pick = random.Random(seed)
        for _ in range(12):
            market = pick.choice(markets)
            batch = [
                order(pick.choice(users), spec(market, "buy", pick.randrange(2), price=pick.randrange(30, 70) / 100))
                for _ in range(4)
            ]
            assert all(answer.status in (201, 409) for answer in execute(market.pk, batch))

    assert in_threads([partial(trade, seed) for seed in range(4)]) == [None] * 4
    assert Trade.objects.count() > 50
    prove()


def test_threads_that_submit_share_transactions(in_threads):
    users = funded_traders(8)
    market = live_market(liquidity_lots=LIQUIDITY)

    def trade(user):
        found = []
        for number in range(10):
            outcome = number % 2
            found.append(submit(order(user, spec(market, "buy", outcome, price=0.6, shares=2), f"c-{number}")))
        return found

    answers = in_threads([partial(trade, user) for user in users])
    assert all(answer.status == 201 for found in answers for answer in found)
    for user, found in zip(users, answers, strict=True):
        assert [document(answer)["client_order_id"] for answer in found] == [f"c-{n}" for n in range(10)]
        assert set(Order.objects.filter(user=user).values_list("pk", flat=True)) == {
            document(answer)["id"] for answer in found
        }
    prove()


def test_a_cancel_races_a_fill(in_threads, processes):
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    for _ in range(8):
        resting = document(execute(market.pk, [order(alice, spec(market, price=0.5, shares=1))])[0])["id"]
        cancelled, filled = in_threads(
            [
                partial(cancel_order, user_id=alice.pk, order_id=resting),
                partial(execute, market.pk, [order(bob, spec(market, "buy", 1, price=0.5, shares=1))]),
            ]
        )
        status = Order.objects.get(pk=resting).status
        assert status == ("cancelled" if cancelled.status == 200 else "filled")
        left = document(filled[0])
        if left["status"] == "open":
            cancel_order(user_id=bob.pk, order_id=left["id"])
        assert {cancelled.status, status} in ({200, "cancelled"}, {404, "filled"})
    prove()


def test_other_processes_are_caught_up_with(monkeypatch):
    alice, bob, market = funded_alice(), funded_bob(), live_market(liquidity_lots=LIQUIDITY)
    caches = [CachedMarket(market.pk), CachedMarket(market.pk)]
    pick = random.Random(7)
    for number in range(60):
        monkeypatch.setattr(execute_commands, "cached_market", lambda market_id, n=number: caches[n % 2])
        user = alice if pick.random() < 0.5 else bob
        asked = spec(market, "buy", pick.randrange(2), price=pick.randrange(40, 60) / 100, shares=pick.randrange(1, 9))
        execute(market.pk, [order(user, asked)])
    first, second = (cache.state for cache in caches)
    assert first is not None
    assert second is not None
    assert abs(first.seq - second.seq) == 1
    prove()


def test_an_account_is_opened_once_from_many_connections(in_threads):
    user = make_user("eve")
    found = in_threads([partial(open_account, user.pk)] * 5)
    assert found == [wallet(user).pk] * 5
    assert Account.objects.aggregate(sum=Sum("cash")) == {"sum": 0}
    assert wallet(user).cash == 1_000 * CASH_SCALE


def test_a_cache_of_an_evicted_market_is_made_anew(monkeypatch):
    monkeypatch.setattr(_market_cache, "MARKETS_MAX", 2)
    alice = funded_alice()
    markets = [live_market() for _ in range(4)]
    for market in markets * 2:
        assert execute(market.pk, [order(alice, spec(market, price=0.1, shares=1))])[0].status == 201
    prove()
