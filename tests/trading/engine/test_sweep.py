"""Trades with the rule move the other outcomes of a categorical market, and orders there get filled."""

from typing import Any

import pytest

from tests.trading.engine.desk import ALICE, BOB, SHARE, Desk
from trading.engine import sweep
from trading.types import MAKER, FillKind, OrderStatus, Side


def three_outcomes(**changes: Any) -> Desk:
    return Desk(outcomes=3, is_binary=False, liquidity=1_000 * SHARE, **changes)


def test_a_bid_that_the_rule_comes_to_cross_is_filled_at_the_rules_cost() -> None:
    desk = three_outcomes()
    desk.buy(ALICE, 1, 3_200, SHARE)
    effects = desk.buy(BOB, 0, None, 200 * SHARE)
    own, swept = effects.fills
    assert (own.kind, own.taker_user_id, own.outcome) == (FillKind.RULE, BOB, 0)
    assert (swept.kind, swept.taker_order_id, swept.outcome, swept.quantity) == (FillKind.RULE, 1, 1, SHARE)
    assert (swept.maker_user_id, swept.maker_order_id) == (MAKER, None)
    # The rule's price fell to about 0.3104, and that is what the bid pays instead of its own 0.32.
    assert swept.cost == 31_053_083
    assert effects.orders[1].status is OrderStatus.FILLED
    assert effects.held == {ALICE: -32_000_000}


def test_an_ask_is_filled_when_the_rules_price_rises() -> None:
    desk = three_outcomes()
    desk.mint(ALICE, SHARE)
    desk.sell(ALICE, 2, 3_500, SHARE)
    desk.mint(BOB, 300 * SHARE)
    effects = desk.sell(BOB, 0, None, 300 * SHARE)
    swept = effects.fills[1]
    assert (swept.taker_order_id, swept.quantity) == (1, SHARE)
    assert swept.cost > 3_500 * SHARE
    assert desk.shares(ALICE) == [SHARE, SHARE, 0]


def test_bids_pull_each_other_until_none_crosses() -> None:
    desk = three_outcomes()
    desk.buy(ALICE, 1, 3_300, 50_000 * SHARE // 100)
    desk.buy(ALICE, 2, 3_300, 50_000 * SHARE // 100)
    effects = desk.buy(BOB, 0, None, 100 * SHARE)
    # Many steps, as each fill moves the other's price again, but one fill for each order.
    assert [(fill.taker_order_id, fill.outcome) for fill in effects.fills] == [(3, 0), (1, 1), (2, 2)]
    assert effects.fills[1].cost == effects.orders[1].cost
    assert effects.prices[1] in range(329_999, 330_002)
    assert effects.prices[2] in range(329_999, 330_002)


def test_a_sweep_pays_the_maker_fee_at_the_orders_own_price() -> None:
    desk = three_outcomes(maker_fee_bps=100, taker_fee_bps=500)
    desk.buy(ALICE, 1, 3_200, SHARE)
    effects = desk.buy(BOB, 0, None, 200 * SHARE)
    assert effects.fills[1].taker_fee == 217_600
    assert effects.held == {ALICE: -(32_000_000 + 217_600)}


def test_a_sweep_cut_short_goes_on_at_the_next_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "SWEEP_STEPS_MAX", 1)
    desk = three_outcomes()
    desk.buy(ALICE, 1, 3_200, SHARE)
    desk.buy(ALICE, 2, 3_200, SHARE)
    desk.buy(ALICE, 2, 3_100, SHARE)
    first = desk.buy(BOB, 0, None, 200 * SHARE)
    assert [fill.taker_order_id for fill in first.fills] == [4, 1]
    assert desk.refused(desk.order(ALICE, Side.SELL, 0, 9_000, SHARE)).code == "order.insufficient_shares"
    second = desk.cancel(ALICE, 3)
    assert [fill.taker_order_id for fill in second.fills] == [2]
    assert [view.status for view in second.orders] == [OrderStatus.CANCELLED, OrderStatus.FILLED]


def test_a_cancel_fills_nothing_while_trading_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "SWEEP_STEPS_MAX", 1)
    desk = three_outcomes()
    desk.buy(ALICE, 1, 3_200, SHARE)
    desk.buy(ALICE, 2, 3_200, SHARE)
    desk.buy(ALICE, 2, 3_100, SHARE)
    desk.buy(BOB, 0, None, 200 * SHARE)
    desk.state.is_open = False
    assert desk.cancel(ALICE, 3).fills == []
    assert desk.bids(2) == [(3_200, SHARE)]
    desk.state.is_open = True
    assert [fill.taker_order_id for fill in desk.mint(BOB, SHARE).fills] == [2]


def test_orders_that_the_rule_does_not_reach_stay() -> None:
    desk = three_outcomes()
    desk.buy(ALICE, 1, 3_000, SHARE)
    assert len(desk.buy(BOB, 0, None, 200 * SHARE).fills) == 1
    assert desk.bids(1) == [(3_000, SHARE)]
