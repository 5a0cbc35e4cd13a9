"""Liquidity that traders provide, and NO that they convert: in the tables, the ledger and the journal."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from common.money import CASH_SCALE, QUANTITY_SCALE
from markets.models import Market, MarketEvent
from markets.services.void_market import void_market
from tests.factories.trading import (
    LIQUIDITY,
    document,
    funded_alice,
    funded_bob,
    live_categorical_market,
    live_market,
    place,
    resolve,
    run,
    wallet,
)
from trading.engine.lmsr import subsidy
from trading.models import Account, LedgerEntry, MarketBook, Position, Provision
from trading.services._market_cache import forget_all
from trading.services.add_liquidity import add_liquidity
from trading.services.convert_no import convert_no
from trading.services.replay_market import replay_market
from trading.services.settle_market import settle_market
from trading.services.withdraw_liquidity import withdraw_liquidity
from trading.types import MintSets

pytestmark = pytest.mark.django_db(transaction=True)
SHARES = QUANTITY_SCALE


def rule_cash(market: Market) -> int:
    return Account.objects.get(market=market, kind="maker").cash


def check(market: Market) -> None:
    """The journal tells the same as the tables, and every invariant holds."""
    report = replay_market(market_id=market.pk)
    assert report.mistakes == []
    assert report.digest == report.digest_of_tables
    call_command("check_invariants", no_replay=True)


def test_a_provider_is_a_part_of_the_rule() -> None:
    alice, market = funded_alice(), live_market(liquidity_lots=LIQUIDITY)
    before = wallet(alice).cash
    answer = document(add_liquidity(user_id=alice.pk, market_id=market.pk, quantity=LIQUIDITY))
    paid = subsidy(LIQUIDITY, 2)
    assert (answer["action"], answer["quantity"], answer["liquidity"], answer["shares"]) == ("add", "1000", "2000", {})
    assert answer["prices"] == {"yes": "0.500000", "no": "0.500000"}
    assert wallet(alice).cash == before - paid
    assert rule_cash(market) == 2 * paid
    provision = Provision.objects.get(market=market, user=alice)
    assert (provision.quantity, provision.cost) == (LIQUIDITY, paid)
    assert MarketBook.objects.get(market=market).added_liquidity == LIQUIDITY
    record = MarketEvent.objects.filter(market=market).latest("seq")
    assert (record.kind, record.data["lp"][:2]) == ("liquidity_added", [LIQUIDITY, 2 * LIQUIDITY])
    check(market)


def test_what_it_costs_is_shared_out_between_shares_and_the_part_of_the_rule() -> None:
    alice, bob, market = funded_alice(), funded_bob(), live_market(liquidity_lots=LIQUIDITY)
    place(bob, market, price=None, quantity=200 * SHARES)
    before = wallet(alice).cash
    answer = document(add_liquidity(user_id=alice.pk, market_id=market.pk, quantity=LIQUIDITY // 2))
    assert answer["shares"] == {"yes": "100"}
    position = Position.objects.get(market=market, user=alice)
    provision = Provision.objects.get(market=market, user=alice)
    assert (position.outcome, position.quantity, position.cost) == (0, 100 * SHARES, 100 * SHARES * 5_498_340 // 1_000)
    assert position.cost + provision.cost == before - wallet(alice).cash
    check(market)


def test_another_process_goes_on_from_the_journal_and_from_the_tables() -> None:
    alice, bob, market = funded_alice(), funded_bob(), live_market(liquidity_lots=LIQUIDITY)
    place(bob, market, price=None, quantity=200 * SHARES)
    add_liquidity(user_id=alice.pk, market_id=market.pk, quantity=LIQUIDITY)
    forget_all()
    assert withdraw_liquidity(user_id=alice.pk, market_id=market.pk, quantity=LIQUIDITY // 4).status == 201
    forget_all()
    place(bob, market, outcome=1, price=None, quantity=50 * SHARES)
    assert withdraw_liquidity(user_id=alice.pk, market_id=market.pk, quantity=LIQUIDITY).status == 409
    check(market)
    assert Provision.objects.get(market=market).quantity == LIQUIDITY * 3 // 4


def test_everything_comes_back_when_nobody_traded() -> None:
    alice, market = funded_alice(), live_market(liquidity_lots=LIQUIDITY)
    before = wallet(alice).cash
    add_liquidity(user_id=alice.pk, market_id=market.pk, quantity=LIQUIDITY)
    withdraw_liquidity(user_id=alice.pk, market_id=market.pk, quantity=LIQUIDITY)
    assert before - 1 <= wallet(alice).cash <= before
    provision = Provision.objects.get(market=market)
    assert (provision.quantity, provision.cost) == (0, before - wallet(alice).cash)
    check(market)


def test_a_resolution_pays_providers_their_part_of_what_is_left() -> None:
    alice, bob = funded_alice(), funded_bob()
    market = live_market(liquidity_lots=LIQUIDITY, challenge_window_s=0)
    add_liquidity(user_id=alice.pk, market_id=market.pk, quantity=LIQUIDITY // 4)
    place(bob, market, price=None, quantity=400 * SHARES)
    before = wallet(alice).cash
    pool = rule_cash(market)  # of yes the rule owns nothing
    resolve(market, (10_000, 0))
    settle_market(market_id=market.pk)
    assert wallet(alice).cash - before == pool // 5
    assert rule_cash(market) == 0
    record = MarketEvent.objects.filter(market=market).latest("seq")
    assert record.data["provided"] == [[alice.pk, pool // 5]]
    line = LedgerEntry.objects.filter(account=wallet(alice)).latest("id")
    assert (line.amount, line.transfer.kind) == (pool // 5, "liquidity")
    provision = Provision.objects.get(market=market)
    assert (provision.quantity, MarketBook.objects.get(market=market).added_liquidity) == (0, 0)
    check(market)


def test_a_provider_wins_what_traders_lose() -> None:
    alice, bob = funded_alice(), funded_bob()
    market = live_market(liquidity_lots=LIQUIDITY, challenge_window_s=0)
    before = wallet(alice).cash
    add_liquidity(user_id=alice.pk, market_id=market.pk, quantity=LIQUIDITY)
    place(bob, market, price=None, quantity=400 * SHARES)
    lost = 1_000 * CASH_SCALE - wallet(bob).cash
    resolve(market, (0, 10_000))
    settle_market(market_id=market.pk)
    assert 0 <= lost // 2 - (wallet(alice).cash - before) <= 1
    check(market)


def test_a_void_market_gives_providers_back_what_they_put_in() -> None:
    alice, bob, market = funded_alice(), funded_bob(), live_market(liquidity_lots=LIQUIDITY)
    place(bob, market, price=None, quantity=200 * SHARES)
    had = wallet(alice).cash
    add_liquidity(user_id=alice.pk, market_id=market.pk, quantity=LIQUIDITY)
    place(bob, market, outcome=1, price=None, quantity=700 * SHARES)
    void_market(market_id=market.pk, actor_id=None, reason="The event was called off.")
    settle_market(market_id=market.pk)
    assert wallet(alice).cash == had
    assert Provision.objects.get(market=market).cost == 0
    assert list(Position.objects.filter(market=market, user=alice).values_list("cost", flat=True)) == [0]
    check(market)


def test_postgresql_refuses_provisions_that_nobody_paid() -> None:
    alice, market = funded_alice(), live_market(liquidity_lots=LIQUIDITY)
    add_liquidity(user_id=alice.pk, market_id=market.pk, quantity=LIQUIDITY)
    for statement in (
        "UPDATE trading_provision SET quantity = quantity + 1",
        "UPDATE trading_provision SET quantity = -1",
        "UPDATE trading_marketbook SET added_liquidity = 0",
        "DELETE FROM trading_provision",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_same_key_adds_once() -> None:
    alice, market = funded_alice(), live_market(liquidity_lots=LIQUIDITY)
    first = add_liquidity(user_id=alice.pk, market_id=market.pk, quantity=SHARES, key="lp-1")
    again = add_liquidity(user_id=alice.pk, market_id=market.pk, quantity=SHARES, key="lp-1")
    other = add_liquidity(user_id=alice.pk, market_id=market.pk, quantity=2 * SHARES, key="lp-1")
    assert (again.body, again.is_replay, other.status) == (first.body, True, 409)
    assert Provision.objects.get(market=market).quantity == SHARES


def test_no_on_two_outcomes_is_a_credit_and_a_share_of_the_third() -> None:
    alice, market = funded_alice(), live_categorical_market()
    run(market, MintSets(alice.pk, 20 * SHARES))
    # NO on Ann and NO on Ben, ten each: ten of Ben and Cem, ten of Ann and Cem.
    cash = wallet(alice).cash
    answer = document(convert_no(user_id=alice.pk, market_id=market.pk, outcomes=(0, 1), quantity=10 * SHARES))
    assert (answer["no"], answer["quantity"], answer["cash"]) == (["ann", "ben"], "10", "10")
    assert answer["shares"] == {"cem": "10"}
    assert wallet(alice).cash == cash + 10 * CASH_SCALE
    positions = Position.objects.filter(market=market, user=alice).order_by("outcome")
    assert list(positions.values_list("quantity", flat=True)) == [10 * SHARES] * 3
    line = LedgerEntry.objects.filter(account=wallet(alice)).latest("id")
    assert (line.amount, line.transfer.kind) == (10 * CASH_SCALE, "convert")
    assert MarketEvent.objects.filter(market=market).latest("seq").kind == "no_converted"
    check(market)


def test_a_conversion_without_the_shares_changes_nothing() -> None:
    alice, market = funded_alice(), live_categorical_market()
    run(market, MintSets(alice.pk, 20 * SHARES))
    before = wallet(alice).cash, list(Position.objects.order_by("outcome").values_list("quantity", flat=True))
    answer = convert_no(user_id=alice.pk, market_id=market.pk, outcomes=(0, 1), quantity=11 * SHARES)
    problem = document(answer)
    assert (answer.status, problem["code"], problem["errors"][0]["pointer"]) == (
        409,
        "order.insufficient_shares",
        "/quantity",
    )
    after = wallet(alice).cash, list(Position.objects.order_by("outcome").values_list("quantity", flat=True))
    assert before == after
