"""Fees to the unit, and that the number of fills makes no difference."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.engine.desk import ALICE, BOB, NO, SHARE, YES, Desk
from trading.engine.fees import exact_fee, exact_fee_of_cost, maker_fee_bound, rounded_up

BPS = st.integers(1, 10_000)
PRICES = st.integers(1, 9_999)
LOTS = st.integers(1, 10**9)


@pytest.mark.parametrize(
    ("bps", "price", "quantity", "fee"),
    [
        (700, 5_000, SHARE, 1_750_000),
        (700, 1, 1, 1),
        (0, 5_000, SHARE, 0),
        (10_000, 5_000, SHARE, 25_000_000),
        (100, 6_200, 591_262, 13_930_133),
    ],
)
def test_fee_is_rate_times_p_times_one_minus_p_rounded_up(bps: int, price: int, quantity: int, fee: int) -> None:
    assert rounded_up(exact_fee(bps, price, quantity)) == fee
    assert maker_fee_bound(bps, price, quantity) == fee
    assert rounded_up(exact_fee_of_cost(bps, price * quantity, quantity)) == fee


@given(BPS, PRICES, LOTS)
def test_a_fee_is_the_same_for_an_outcome_and_its_mirror(bps: int, price: int, quantity: int) -> None:
    assert exact_fee(bps, price, quantity) == exact_fee(bps, 10_000 - price, quantity)


@given(BPS, PRICES, LOTS)
def test_a_fee_never_exceeds_what_a_seller_gets(bps: int, price: int, quantity: int) -> None:
    assert rounded_up(exact_fee(bps, price, quantity)) <= price * quantity


@given(BPS, LOTS, st.data())
def test_a_fee_at_an_average_price_is_rounded_up(bps: int, quantity: int, data: st.DataObject) -> None:
    cost = data.draw(st.integers(0, quantity * 10_000))
    p = Fraction(cost, quantity * 10_000)
    exact = Fraction(bps, 10_000) * p * (1 - p) * quantity * 10_000
    assert exact <= Fraction(exact_fee_of_cost(bps, cost, quantity), 10**8) < exact + Fraction(1, 10**8)
    assert rounded_up(exact_fee_of_cost(bps, cost, quantity)) <= ceil(exact) + 1


@given(st.lists(st.integers(1, 9_999), min_size=1, max_size=12), st.integers(1, 10_000))
def test_many_small_fills_cost_both_sides_the_same_as_one(sizes: list[int], bps: int) -> None:
    at_once, split = Desk(taker_fee_bps=bps, maker_fee_bps=bps), Desk(taker_fee_bps=bps, maker_fee_bps=bps)
    for desk in (at_once, split):
        desk.buy(ALICE, NO, 3_333, sum(sizes))
    once = at_once.buy(BOB, YES, 6_667, sum(sizes)).orders
    makers = [split.buy(BOB, YES, 6_667, size).orders[1] for size in sizes]
    assert makers[-1].fee == once[1].fee == rounded_up(exact_fee(bps, 3_333, sum(sizes)))
    assert split.funds[ALICE] == at_once.funds[ALICE]


@given(st.lists(st.integers(1, 9_999), min_size=1, max_size=12), st.integers(1, 10_000))
def test_a_taker_of_many_orders_pays_one_rounding(sizes: list[int], bps: int) -> None:
    desk = Desk(taker_fee_bps=bps)
    for size in sizes:
        desk.buy(ALICE, NO, 3_333, size)
    view = desk.buy(BOB, YES, 6_667, sum(sizes)).orders[0]
    assert view.fee == rounded_up(exact_fee(bps, 3_333, sum(sizes)))
