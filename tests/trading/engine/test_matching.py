"""Who trades with whom, at what price and in what order."""

import pytest

from tests.trading.engine.desk import ALICE, BOB, CAROL, CREDIT, NO, SHARE, YES, Desk
from trading.engine import matching
from trading.engine.replay import digest
from trading.types import (
    COLLATERAL,
    MAKER,
    Effects,
    FillKind,
    OrderStatus,
    SelfTradePolicy,
    Side,
    TimeInForce,
)


def summary(effects: Effects) -> list[tuple[FillKind, int, int]]:
    return [(fill.kind, fill.price, fill.quantity) for fill in effects.fills]


def test_buy_yes_and_buy_no_make_a_set() -> None:
    desk = Desk()
    desk.buy(ALICE, NO, 4_000, 3 * SHARE)
    effects = desk.buy(BOB, YES, 6_500, 2 * SHARE)
    assert summary(effects) == [(FillKind.MINT, 6_000, 2 * SHARE)]
    assert effects.cash == {BOB: -120_000_000, ALICE: -80_000_000, COLLATERAL: 2 * CREDIT}
    assert effects.held == {ALICE: -80_000_000}
    assert effects.shares == {(BOB, YES): 2 * SHARE, (ALICE, NO): 2 * SHARE}
    assert desk.funds == {ALICE: 99_880_000_000, BOB: 99_880_000_000, CAROL: 0}


def test_sell_yes_and_sell_no_unmake_a_set() -> None:
    desk = Desk()
    desk.mint(ALICE, SHARE)
    desk.mint(BOB, SHARE)
    desk.sell(ALICE, NO, 3_000, SHARE)
    effects = desk.sell(BOB, YES, 6_000, SHARE)
    assert summary(effects) == [(FillKind.MERGE, 7_000, SHARE)]
    assert effects.cash == {BOB: 70_000_000, ALICE: 30_000_000, COLLATERAL: -CREDIT}
    assert effects.shares == {(BOB, YES): -SHARE, (ALICE, NO): -SHARE}
    assert effects.shares_held == {(ALICE, NO): -SHARE}


@pytest.mark.parametrize(("outcome", "booked"), [(YES, 6_200), (NO, 3_800)])
def test_a_sale_of_existing_shares_is_a_transfer(outcome: int, booked: int) -> None:
    desk = Desk()
    desk.mint(ALICE, SHARE)
    desk.sell(ALICE, outcome, 6_200, SHARE)
    effects = desk.buy(BOB, outcome, 6_300, SHARE)
    assert summary(effects) == [(FillKind.TRANSFER, booked, SHARE)]
    assert effects.cash == {BOB: -62_000_000, ALICE: 62_000_000}
    assert effects.fills[0].taker_side is (Side.BUY if outcome == YES else Side.SELL)
    assert desk.shares(BOB)[outcome] == SHARE


def test_best_price_first_then_earliest_order() -> None:
    desk = Desk()
    for price, outcome_price in ((1, 6_100), (2, 6_000), (3, 6_000)):
        desk.buy(ALICE, NO, 10_000 - outcome_price, price * SHARE)
    effects = desk.buy(BOB, YES, 6_100, 5 * SHARE + 5_000)
    assert [(fill.maker_order_id, fill.price, fill.quantity) for fill in effects.fills] == [
        (2, 6_000, 2 * SHARE),
        (3, 6_000, 3 * SHARE),
        (1, 6_100, 5_000),
    ]
    assert [(level.price, level.change) for level in effects.levels] == [(6_000, -5 * SHARE), (6_100, -5_000)]
    assert desk.asks() == [(6_100, 5_000)]


def test_the_taker_walks_the_better_of_book_and_rule() -> None:
    desk = Desk(liquidity=1_000 * SHARE)
    desk.buy(ALICE, NO, 4_500, 10 * SHARE)
    desk.buy(ALICE, NO, 4_400, 10 * SHARE)
    effects = desk.buy(BOB, YES, 5_700, 1_000 * SHARE)
    assert [(fill.kind, fill.quantity) for fill in effects.fills] == [
        (FillKind.RULE, 2_006_706),
        (FillKind.MINT, 10 * SHARE),
        (FillKind.RULE, 404_914),
        (FillKind.MINT, 10 * SHARE),
        (FillKind.RULE, 406_891),
    ]
    assert effects.prices == (570_000, 430_000)
    assert effects.maker_quantities == (2_006_706 + 404_914 + 406_891, 0)
    assert desk.bids() == [(5_700, 1_000 * SHARE - 20 * SHARE - 2_818_511)]


def test_at_the_same_price_the_book_comes_before_the_rule() -> None:
    desk = Desk(liquidity=1_000 * SHARE)
    desk.buy(ALICE, NO, 5_000, SHARE)
    assert summary(desk.buy(BOB, YES, 5_001, SHARE)) == [(FillKind.MINT, 5_000, SHARE)]


def test_selling_to_the_rule_returns_what_buying_cost_but_for_rounding() -> None:
    desk = Desk(liquidity=1_000 * SHARE)
    bought = desk.buy(ALICE, NO, None, 50 * SHARE)
    sold = desk.sell(ALICE, NO, None, 50 * SHARE)
    assert bought.cash == {ALICE: -2_531_246_747, MAKER: 2_531_246_747 - 50 * CREDIT, COLLATERAL: 50 * CREDIT}
    assert 0 <= -(bought.cash[ALICE] + sold.cash[ALICE]) <= 4
    assert sold.maker_quantities == (0, 0)
    assert desk.state.holdings == {}


@pytest.mark.parametrize(
    ("time_in_force", "status", "resting"),
    [(TimeInForce.GTC, OrderStatus.OPEN, [(6_000, SHARE)]), (TimeInForce.IOC, OrderStatus.CANCELLED, [])],
)
def test_what_remains_rests_or_is_cancelled(
    time_in_force: TimeInForce, status: OrderStatus, resting: list[tuple[int, int]]
) -> None:
    desk = Desk()
    desk.buy(ALICE, NO, 4_000, SHARE)
    effects = desk.buy(BOB, YES, 6_000, 2 * SHARE, time_in_force=time_in_force)
    view = effects.orders[0]
    assert (view.status, view.filled, view.quantity) == (status, SHARE, 2 * SHARE)
    assert view.remaining == sum(size for _, size in resting)
    assert desk.bids() == resting


def test_fill_or_kill_fills_whole() -> None:
    desk = Desk()
    desk.buy(ALICE, NO, 4_000, 2 * SHARE)
    effects = desk.buy(BOB, YES, 6_000, 2 * SHARE, time_in_force=TimeInForce.FOK)
    assert effects.orders[0].status is OrderStatus.FILLED


def test_a_market_order_stops_at_its_protection() -> None:
    desk = Desk()
    desk.buy(ALICE, NO, 4_000, SHARE)
    desk.buy(ALICE, NO, 3_000, SHARE)
    order = desk.order(BOB, Side.BUY, YES, None, 2 * SHARE, price=6_500)
    effects = desk.do(order)
    assert summary(effects) == [(FillKind.MINT, 6_000, SHARE)]
    assert effects.orders[0].status is OrderStatus.CANCELLED


def test_a_budget_buys_all_it_can_with_fees_and_no_more() -> None:
    desk = Desk(taker_fee_bps=700)
    desk.buy(ALICE, NO, 4_000, SHARE)
    desk.buy(ALICE, NO, 3_000, 100 * SHARE)
    effects = desk.buy(BOB, YES, None, None, cost_max=10 * CREDIT)
    view = effects.orders[0]
    assert view.status is OrderStatus.FILLED
    assert view.quantity == view.filled == 10_000 + 131_288
    assert view.cost + view.fee == 999_995_336
    # One lot more would be over: 7,000 units and 7 % x 0.7 x 0.3 of a share.
    assert 10 * CREDIT - (view.cost + view.fee) < 7_000 + 147


@pytest.mark.parametrize("fee", [0, 700])
@pytest.mark.parametrize("budget", [7_000, 10**6, 123_456_789, 30 * CREDIT])
def test_a_budget_at_the_rule_is_used_up_to_a_lot(fee: int, budget: int) -> None:
    desk = Desk(liquidity=1_000 * SHARE, taker_fee_bps=fee)
    effects = desk.buy(BOB, NO, None, None, cost_max=budget)
    view = effects.orders[0]
    assert view.status is OrderStatus.FILLED
    assert 0 <= budget - view.cost - view.fee < 5_500


def test_cancel_newest_stops_before_the_own_order() -> None:
    desk = Desk()
    desk.buy(ALICE, NO, 4_000, SHARE)
    desk.buy(BOB, NO, 3_900, SHARE)
    effects = desk.buy(BOB, YES, 6_500, 3 * SHARE)
    assert summary(effects) == [(FillKind.MINT, 6_000, SHARE)]
    assert effects.orders[0].status is OrderStatus.CANCELLED
    assert desk.asks() == [(6_100, SHARE)]
    assert desk.bids() == []


def test_cancel_oldest_takes_the_own_order_away_and_goes_on() -> None:
    desk = Desk()
    desk.funds[BOB] = 2 * CREDIT
    desk.buy(BOB, NO, 4_000, 4 * SHARE)
    desk.buy(ALICE, NO, 3_900, SHARE)
    effects = desk.buy(BOB, YES, 6_500, 2 * SHARE, self_trade_policy=SelfTradePolicy.CANCEL_OLDEST)
    assert summary(effects) == [(FillKind.MINT, 6_100, SHARE)]
    assert [(view.order_id, view.status) for view in effects.orders] == [
        (3, OrderStatus.OPEN),
        (1, OrderStatus.CANCELLED),
        (2, OrderStatus.FILLED),
    ]
    # The cancelled order's hold of 1.6 credits paid for what 0.4 free credits could not.
    assert desk.funds[BOB] == 2 * CREDIT - 61_000_000 - 65_000_000


def test_post_only_rests_where_it_doesnt_trade() -> None:
    desk = Desk(liquidity=1_000 * SHARE)
    effects = desk.buy(ALICE, YES, 5_000, SHARE, post_only=True)
    assert effects.orders[0].status is OrderStatus.OPEN
    assert not effects.fills


def test_cancel_frees_the_hold_to_the_unit() -> None:
    desk = Desk(maker_fee_bps=37)
    before = desk.funds[ALICE]
    desk.buy(ALICE, YES, 3_333, 12_345)
    assert desk.funds[ALICE] == before - 3_333 * 12_345 - 101_499
    effects = desk.cancel(ALICE, 1)
    assert desk.funds[ALICE] == before
    assert effects.orders[0].status is OrderStatus.CANCELLED
    assert [(level.price, level.change) for level in effects.levels] == [(3_333, -12_345)]


def test_orders_may_be_cancelled_in_a_halted_market() -> None:
    desk = Desk()
    desk.buy(ALICE, YES, 3_000, SHARE)
    desk.state.is_open = False
    assert desk.cancel(ALICE, 1).orders[0].status is OrderStatus.CANCELLED


def test_seq_counts_accepted_commands_only() -> None:
    desk = Desk()
    desk.mint(ALICE, SHARE)
    desk.refused(desk.order(CAROL, Side.BUY, YES, 5_000, SHARE))
    desk.merge(ALICE, SHARE)
    assert desk.state.seq == 2


@pytest.mark.parametrize(
    ("liquidity", "expected"), [(0, (333_333, 333_333, 333_333)), (SHARE, (333_333, 333_333, 333_333))]
)
def test_prices_of_an_untraded_market_are_equal(liquidity: int, expected: tuple[int, ...]) -> None:
    desk = Desk(outcomes=3, is_binary=False, liquidity=liquidity)
    assert desk.mint(ALICE, SHARE).prices == expected


def test_prices_without_a_rule_are_the_middle_then_the_last_trade() -> None:
    desk = Desk()
    assert desk.buy(ALICE, YES, 4_000, SHARE).prices == (500_000, 500_000)
    assert desk.buy(BOB, NO, 5_000, SHARE).prices == (450_000, 550_000)
    assert desk.buy(BOB, NO, 6_000, SHARE).prices == (400_000, 600_000)


def test_what_would_cross_beyond_the_bound_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "STEPS_MAX", 2)
    desk = Desk()
    for _ in range(3):
        desk.buy(ALICE, NO, 4_000, SHARE)
    effects = desk.buy(BOB, YES, 6_000, 3 * SHARE)
    assert (effects.orders[0].status, effects.orders[0].filled) == (OrderStatus.CANCELLED, 2 * SHARE)
    assert desk.asks() == [(6_000, SHARE)]
    assert desk.bids() == []


def test_steps_of_the_rule_keep_to_the_lot() -> None:
    desk = Desk(liquidity=1_000 * SHARE, lot=100)
    effects = desk.buy(BOB, YES, 5_100, 1_000 * SHARE)
    assert effects.fills[0].quantity == 400_000
    assert desk.bids() == [(5_100, 1_000 * SHARE - 400_000)]


def test_a_fill_beside_a_budget_and_a_quantity_keeps_to_both() -> None:
    desk = Desk(liquidity=1_000 * SHARE)
    small = desk.buy(BOB, YES, None, SHARE, cost_max=10 * CREDIT).orders[0]
    assert (small.filled, small.status) == (SHARE, OrderStatus.FILLED)
    dear = desk.buy(BOB, YES, None, 100 * SHARE, cost_max=CREDIT).orders[0]
    assert dear.filled < 100 * SHARE
    assert dear.status is OrderStatus.CANCELLED
    assert dear.cost <= CREDIT


def test_the_same_commands_give_the_same_state() -> None:
    def traded() -> str:
        desk = Desk(liquidity=1_000 * SHARE, taker_fee_bps=70, maker_fee_bps=25)
        desk.buy(ALICE, NO, 4_500, 7 * SHARE)
        desk.buy(BOB, YES, 5_900, 300 * SHARE)
        desk.sell(BOB, YES, None, 2 * SHARE)
        return digest(desk.state)

    assert traded() == traded()
