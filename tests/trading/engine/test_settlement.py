"""Payouts and refunds hand out what is there, to the unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.engine.desk import ALICE, BOB, CREDIT, NO, SHARE, YES, Desk
from trading.engine.settlement import payout_of, refund, settle
from trading.types import COLLATERAL, MAKER, Effects


@pytest.mark.parametrize(
    ("payouts", "expected"),
    [
        ([10_000, 0], {1: 5 * CREDIT, MAKER: 2 * CREDIT}),
        ([0, 10_000], {2: 7 * CREDIT}),
        ([3_000, 7_000], {1: 150_000_000, 2: 490_000_000, MAKER: 60_000_000}),
    ],
)
def test_settle_pays_each_share_its_part(payouts: list[int], expected: dict[int, int]) -> None:
    holdings = {(1, YES): 5 * SHARE, (2, NO): 7 * SHARE, (MAKER, YES): 2 * SHARE}
    assert settle(payouts, holdings, 7 * CREDIT) == expected


def test_settle_refuses_payouts_that_are_no_set() -> None:
    with pytest.raises(AssertionError, match="exactly one credit"):
        settle([9_999, 0], {}, 0)
    with pytest.raises(AssertionError, match="backs every share"):
        settle([10_000, 0], {(1, YES): 1}, 9_999)


@given(st.lists(st.integers(0, 10**9), min_size=3, max_size=3), st.data())
def test_a_payout_vector_pays_complete_sets_in_full(lots: list[int], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, 10_000))
    second = data.draw(st.integers(0, 10_000 - first))
    payouts = [first, second, 10_000 - first - second]
    sets = max(lots)
    holdings = {(1, i): quantity for i, quantity in enumerate(lots)}
    holdings |= {(2, i): sets - quantity for i, quantity in enumerate(lots)}
    cash = settle(payouts, holdings, sets * 10_000)
    assert sum(cash.values()) == sets * 10_000
    assert cash.get(1, 0) == payout_of(payouts, lots)


def test_refund_gives_back_what_was_paid_in() -> None:
    assert refund({1: 500, 2: -200, 3: 0, 4: 7}, 600) == {1: 500, 4: 7}


def test_refund_that_falls_short_is_pro_rata_to_the_unit() -> None:
    assert refund({1: 1, 2: 1, 3: 1}, 2) == {1: 1, 2: 1, 3: 0}
    assert refund({5: 100, 6: 50, 7: -50}, 100) == {5: 67, 6: 33}


@given(st.dictionaries(st.integers(1, 99), st.integers(-(10**15), 10**15)), st.integers(0, 10**16))
def test_refunds_sum_to_what_is_owed_or_there(paid_in: dict[int, int], available: int) -> None:
    cash = refund(paid_in, available)
    owed = {user_id: amount for user_id, amount in paid_in.items() if amount > 0}
    assert sum(cash.values()) == min(available, sum(owed.values()))
    assert all(0 <= amount <= owed[user_id] for user_id, amount in cash.items())


def test_settling_a_traded_market_empties_its_collateral() -> None:
    desk = Desk(liquidity=100 * SHARE)
    results: list[Effects] = [
        desk.buy(ALICE, YES, None, 40 * SHARE),
        desk.buy(BOB, NO, None, 25 * SHARE),
        desk.mint(ALICE, SHARE),
        desk.sell(ALICE, YES, None, 10 * SHARE),
    ]
    holdings: dict[tuple[int, int], int] = {}
    collateral = 0
    for effects in results:
        collateral += effects.cash.get(COLLATERAL, 0)
        for key, change in effects.shares.items():
            holdings[key] = holdings.get(key, 0) + change
    assert settle([10_000, 0], holdings, collateral) == {ALICE: 31 * CREDIT}
    assert settle([0, 10_000], holdings, collateral) == {ALICE: CREDIT, BOB: 25 * CREDIT, MAKER: 5 * CREDIT}
