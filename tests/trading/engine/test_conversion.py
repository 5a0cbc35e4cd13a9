"""NO on several outcomes of a market, as cash and shares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.engine.desk import ALICE, BINARY, BOB, CREDIT, SHARE, Desk
from trading.engine.state import Limits, MarketRules, OrderTerms
from trading.types import COLLATERAL, Command, ConvertNo, MintSets

FOUR = MarketRules(7, 4, False)


def test_no_on_three_of_four_is_two_credits_and_a_share_of_the_fourth() -> None:
    desk = Desk(FOUR)
    desk.mint(ALICE, 30 * SHARE)
    desk.sell(ALICE, 0, 3_000, 10 * SHARE)
    desk.buy(BOB, 0, 3_000, 10 * SHARE)
    effects = desk.do(ConvertNo(ALICE, (0, 1, 2), 10 * SHARE))
    assert effects.cash == {ALICE: 20 * CREDIT, COLLATERAL: -20 * CREDIT}
    # NO on 0, 1 and 2 is two shares of each of them and three of the fourth.
    assert desk.shares(ALICE) == [0, 10 * SHARE, 10 * SHARE, 10 * SHARE]


def test_no_on_every_outcome_is_all_credits() -> None:
    desk = Desk(FOUR)
    desk.mint(ALICE, 30 * SHARE)
    assert desk.do(ConvertNo(ALICE, (0, 1, 2, 3), 10 * SHARE)).cash[ALICE] == 30 * CREDIT
    assert desk.shares(ALICE) == [0, 0, 0, 0]


def test_limits_are_never_reached_by_it_because_no_holding_grows() -> None:
    desk = Desk(FOUR)
    desk.mint(ALICE, 30 * SHARE)
    # Set below what she has: she may only get rid of shares.
    desk.state.terms = OrderTerms(Limits(position=20 * SHARE, order_size=SHARE), {})
    assert desk.refused(MintSets(ALICE, 1)).code == "order.position_limit"
    before = desk.shares(ALICE)
    desk.do(ConvertNo(ALICE, (0, 1, 2), 10 * SHARE))
    assert all(after < had for after, had in zip(desk.shares(ALICE), before, strict=True))


@given(st.integers(2, 9), st.data())
def test_it_is_worth_the_same_whatever_happens(outcomes: int, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.integers(0, outcomes - 1), min_size=2, unique=True))
    quantity, more = data.draw(st.integers(1, 10**6)), data.draw(st.integers(0, 10**6))
    desk = Desk(MarketRules(7, outcomes, False))
    desk.mint(ALICE, len(chosen) * quantity + more)
    before, cash = desk.shares(ALICE), desk.funds[ALICE]
    desk.do(ConvertNo(ALICE, tuple(chosen), quantity))
    after = desk.shares(ALICE)
    received = desk.funds[ALICE] - cash
    assert all(received + (after[o] - before[o]) * 10_000 == 0 for o in range(outcomes))
    assert received == (len(chosen) - 1) * quantity * 10_000


@pytest.mark.parametrize(
    ("rules", "command", "code", "pointer"),
    [
        (BINARY, ConvertNo(ALICE, (0, 1), SHARE), "order.outcomes_invalid", "/outcomes"),
        (FOUR, ConvertNo(ALICE, (1,), SHARE), "order.outcomes_invalid", "/outcomes"),
        (FOUR, ConvertNo(ALICE, (1, 1, 2), SHARE), "order.outcomes_invalid", "/outcomes"),
        (FOUR, ConvertNo(ALICE, (1, 4), SHARE), "order.outcome_unknown", "/outcomes"),
        (FOUR, ConvertNo(ALICE, (1, 2), 0), "order.quantity_invalid", "/quantity"),
        (FOUR, ConvertNo(ALICE, (1, 2), 6 * SHARE), "order.insufficient_shares", "/quantity"),
        (FOUR, ConvertNo(BOB, (1, 2), SHARE), "order.insufficient_shares", "/quantity"),
    ],
)
def test_refusals_change_nothing(rules: MarketRules, command: Command, code: str, pointer: str) -> None:
    desk = Desk(rules)
    desk.do(MintSets(ALICE, 10 * SHARE))
    refusal = desk.refused(command)
    assert (refusal.code, refusal.pointer) == (code, pointer)


def test_a_closed_market_converts_nothing() -> None:
    desk = Desk(FOUR)
    desk.mint(ALICE, 10 * SHARE)
    desk.state.is_open = False
    assert desk.refused(ConvertNo(ALICE, (1, 2), SHARE)).code == "order.market_not_open"
