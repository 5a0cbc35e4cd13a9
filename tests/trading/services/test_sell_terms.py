"""Reduce-only orders and minimal proceeds on the tables."""

import pytest

from common.money import CASH_SCALE
from tests.factories.trading import (
    LIQUIDITY,
    document,
    funded_alice,
    funded_bob,
    live_categorical_market,
    live_market,
    order,
    place,
    run,
    spec,
    wallet,
)
from tests.trading.tables import everything
from trading.models import Order, Position
from trading.selectors.invariants import INVARIANTS, rows_at_fault
from trading.services._market_cache import forget_all
from trading.services.preview_order import preview_order
from trading.services.replay_market import replay_market
from trading.types import MintSets

pytestmark = pytest.mark.django_db


def holder(shares=10, **fields):
    alice, market = funded_alice(), live_market(**fields)
    run(market, MintSets(alice.pk, shares * 10_000))
    return alice, market


def rows():
    return list(Order.objects.order_by("id").values_list("quantity", "filled", "status", "reduce_only"))


def test_it_is_stored_told_and_reserves_nothing():
    alice, market = holder()
    found = document(place(alice, market, "sell", price=0.6, shares=25, reduce_only=True))
    assert (found["reduce_only"], found["quantity"], found["status"]) == (True, "10", "open")
    assert rows() == [(100_000, 0, "open", True)]
    assert not Position.objects.exclude(held=0).exists()


@pytest.mark.parametrize("is_restarted", [False, True])
def test_fills_cut_the_others(is_restarted):
    alice, market = holder()
    bob = funded_bob()
    place(alice, market, "sell", price=0.6, reduce_only=True)
    place(alice, market, "sell", price=0.7, shares=8, reduce_only=True)
    if is_restarted:
        forget_all()
    place(bob, market, price=0.6, shares=4)
    assert rows()[:2] == [(100_000, 40_000, "open", True), (60_000, 0, "open", True)]
    if is_restarted:
        forget_all()
    place(bob, market, price=0.7, shares=7)
    assert rows()[:2] == [(100_000, 100_000, "filled", True), (60_000, 0, "cancelled", True)]
    assert rows()[3] == (70_000, 60_000, "open", False)
    assert replay_market(market_id=market.pk).is_equal
    assert [invariant.title for invariant in INVARIANTS if rows_at_fault(invariant)] == []


def test_a_batch_that_places_and_cuts_writes_the_end_of_it():
    alice, market = holder()
    run(
        market,
        order(alice, spec(market, "sell", price=0.6, reduce_only=True)),
        order(alice, spec(market, "sell", price=0.9, shares=7)),
    )
    assert rows() == [(30_000, 0, "open", True), (70_000, 0, "open", False)]
    assert replay_market(market_id=market.pk).is_equal


def test_the_maker_rule_and_the_sweep_respect_it():
    alice, bob, market = funded_alice(), funded_bob(), live_categorical_market(liquidity_lots=100_000)
    run(market, MintSets(alice.pk, 10 * 10_000))
    for price in (0.40, 0.41):
        place(alice, market, "sell", 0, price=price, reduce_only=True)
    place(bob, market, "buy", 0, price=0.6, shares=100)
    assert Position.objects.get(user=alice, outcome=0).quantity >= 0
    assert replay_market(market_id=market.pk).is_equal


def test_proceeds_are_reached_by_the_fewest_shares_and_previewed_exactly():
    alice, market = holder(100, liquidity_lots=LIQUIDITY, taker_fee_bps=500)
    command = order(alice, spec(market, "sell", price=None, quantity=None, proceeds_min=5 * CASH_SCALE))
    before, cash = everything(), wallet(alice).cash
    previewed = document(preview_order(command))
    assert everything() == before
    found = document(run(market, command)[0])
    names = ("filled", "cost", "fee", "quantity", "status", "min_proceeds", "account")
    assert {name: previewed[name] for name in names} == {name: found[name] for name in names}
    assert (found["status"], found["min_proceeds"]) == ("filled", "5")
    assert 0 <= wallet(alice).cash - cash - 5 * CASH_SCALE < 10_000
    assert list(Order.objects.values_list("proceeds_min", flat=True)) == [5 * CASH_SCALE]
    assert replay_market(market_id=market.pk).is_equal


def test_proceeds_that_are_not_there_change_nothing():
    alice, market = holder(1, liquidity_lots=LIQUIDITY)
    command = order(alice, spec(market, "sell", price=None, quantity=None, proceeds_min=5 * CASH_SCALE))
    previewed, before = preview_order(command), everything(but=("trading_submission",))
    answer = run(market, command)[0]
    assert (answer.status, document(answer)["code"]) == (409, "order.proceeds_not_reached")
    assert previewed.body == answer.body
    assert everything(but=("trading_submission",)) == before


def test_a_reduce_only_preview_is_the_answer_that_follows():
    alice, market = holder(20, liquidity_lots=LIQUIDITY)
    bob = funded_bob()
    place(alice, market, "sell", price=0.55, shares=12, reduce_only=True)
    place(alice, market, "sell", price=0.56, shares=20, reduce_only=True)
    for command in (
        order(bob, spec(market, price=0.555, shares=500)),
        order(alice, spec(market, "sell", price=0.40, shares=3, reduce_only=True)),
    ):
        previewed, found = document(preview_order(command)), document(run(market, command)[0])
        names = ("filled", "remaining", "cost", "fee", "quantity", "status", "account")
        assert {name: previewed[name] for name in names} == {name: found[name] for name in names}
