"""A short batch writes with balances that it read without a lock; whatever moves meanwhile is not lost."""

from io import StringIO
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection

from common.money import CASH_SCALE
from tests.factories.trading import (
    LIQUIDITY,
    document,
    funded_alice,
    funded_bob,
    live_market,
    order,
    place,
    run,
    spec,
    wallet,
)
from trading import locks
from trading.selectors.accounts import ledger_lines
from trading.selectors.exchange_pulse import ledger_holds
from trading.services import _batch, _writes
from trading.services._market_cache import cached_market
from trading.services._pipeline import Pipeline
from trading.services._results import Results
from trading.services.grant import grant
from trading.types import Side

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def sent(monkeypatch):
    """The statements of the pipelines."""
    statements = []
    real = Pipeline.queue

    def queue(self, statement, query, parameters):
        statements.append(query)
        real(self, statement, query, parameters)

    monkeypatch.setattr(Pipeline, "queue", queue)
    return statements


@pytest.fixture
def meanwhile(monkeypatch):
    """Runs once on a connection of its own, after the engine has decided and before anything is written."""

    def arrange(work):
        waiting = [work]
        real = Results.write

        def write(self, *given):
            if waiting:
                thread = Thread(target=in_thread, args=[waiting.pop()])
                thread.start()
                thread.join()
            return real(self, *given)

        monkeypatch.setattr(Results, "write", write)

    return arrange


def in_thread(work):
    try:
        work()
    finally:
        connection.close()


def assert_sound():
    call_command("check_invariants", stdout=StringIO())


def cash_of(user):
    return wallet(user).cash / CASH_SCALE


def test_one_order_needs_no_round_trip_for_locks(sent):
    alice, bob, market = funded_alice(), funded_bob(), live_market(liquidity_lots=LIQUIDITY)
    place(bob, market, outcome=1, price=0.45, shares=10)
    place(alice, market, price=0.7, shares=300)
    assert locks.LOCK_ACCOUNTS not in sent
    run(market, *[order(alice, spec(market, price=0.1, shares=1)) for _ in range(_batch.HASTY_COMMANDS_MAX + 1)])
    assert locks.LOCK_ACCOUNTS in sent


def test_credits_that_arrive_meanwhile_are_kept(meanwhile, sent):
    alice, market = funded_alice(), live_market()
    meanwhile(lambda: grant(user_id=alice.pk, amount=25 * CASH_SCALE, memo="Meanwhile"))
    answer = place(alice, market, price=0.5, shares=10)
    assert document(answer)["account"] == {"cash": "1025", "held": "5", "available": "1020"}
    assert (cash_of(alice), wallet(alice).held) == (1025, 5 * CASH_SCALE)
    assert locks.LOCK_ACCOUNTS in sent
    assert_sound()


def test_who_lost_the_race_once_takes_the_long_way(meanwhile, sent):
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    meanwhile(lambda: grant(user_id=alice.pk, amount=CASH_SCALE, memo="Meanwhile"))
    place(alice, market, price=0.5, shares=10)
    sent.clear()
    place(bob, market, price=0.4, shares=10)
    assert locks.LOCK_ACCOUNTS not in sent
    place(alice, market, price=0.4, shares=10)
    assert locks.LOCK_ACCOUNTS in sent


def test_credits_that_are_spent_meanwhile_are_not_spent_twice(meanwhile):
    alice, market, other = funded_alice(), live_market(), live_market(slug="other")
    meanwhile(lambda: place(alice, other, price=0.9, shares=1_000))
    answer = place(alice, market, price=0.5, shares=1_000)
    assert (answer.status, document(answer)["code"]) == (409, "order.insufficient_funds")
    assert (cash_of(alice), wallet(alice).held) == (1000, 900 * CASH_SCALE)
    assert_sound()


def test_a_wallet_that_left_and_came_back_tells_its_moves_in_their_order(meanwhile):
    alice, bob, market, other = funded_alice(), funded_bob(), live_market(), live_market(slug="other")
    place(bob, market, outcome=1, price=0.5, shares=10)
    place(bob, other, outcome=1, price=0.5, shares=10)

    def there_and_back():
        place(alice, other, price=0.5, shares=10)
        place(bob, other, price=0.5, shares=10)
        place(alice, other, side=Side.SELL, price=0.5, shares=10)

    meanwhile(there_and_back)
    place(alice, market, price=0.5, shares=10)
    assert cash_of(alice) == 995
    newest = ledger_lines(alice.pk).items[0]
    assert (newest.market_slug, newest.balance) == (market.slug, 995 * CASH_SCALE)
    assert ledger_holds()
    assert_sound()


def test_lines_of_the_ledger_are_numbered_once_their_accounts_are_locked(sent):
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    place(bob, market, outcome=1, price=0.5, shares=10)
    sent.clear()
    place(alice, market, price=0.5, shares=10)
    assert locks.LOCK_ACCOUNTS not in sent
    assert sent.index(_writes._UPDATE_BALANCES_AND_BOOK) < sent.index(_writes._INSERT_TRANSFERS)


def test_the_wallet_of_a_resting_order_may_move_as_well(meanwhile):
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    place(bob, market, outcome=1, price=0.5, shares=10)
    meanwhile(lambda: grant(user_id=bob.pk, amount=CASH_SCALE, memo="Meanwhile"))
    assert document(place(alice, market, price=0.5, shares=10))["filled"] == "10"
    assert (cash_of(alice), cash_of(bob)) == (995, 996)
    assert_sound()


def test_a_batch_whose_funds_fell_but_suffice_keeps_its_state(meanwhile):
    alice, market, other = funded_alice(), live_market(), live_market(slug="other")
    place(alice, market, price=0.1, shares=1)
    state = cached_market(market.pk).state
    sends = _batch.Batch._send_locks

    def spend_first(self, effects):
        if spend_first.left and self.entry.market_id == market.pk:
            spend_first.left = False
            thread = Thread(target=in_thread, args=[lambda: place(alice, other, price=0.5, shares=10)])
            thread.start()
            thread.join()
        return sends(self, effects)

    spend_first.left = True
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_batch.Batch, "_send_locks", spend_first)
        answers = run(market, *[order(alice, spec(market, price=0.2, shares=10)) for _ in range(5)])
    assert [answer.status for answer in answers] == [201] * 5
    assert cached_market(market.pk).state is state
    assert wallet(alice).held == (5 * 2 + 5) * CASH_SCALE + CASH_SCALE // 10
    assert_sound()
