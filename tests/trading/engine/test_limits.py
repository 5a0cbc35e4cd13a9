"""Limits of traders, the price band and the post-only period: what they refuse, and what they let through."""

from typing import Any

import pytest

from tests.trading.engine.desk import ALICE, BOB, CREDIT, NO, SHARE, YES, Desk
from trading.engine.journal import from_record, to_record
from trading.engine.state import Limits, OrderTerms
from trading.types import AmendOrder, MintSets, OrderStatus, OrderType, Side, TimeInForce

BUY, SELL = Side.BUY, Side.SELL


def limited(**limits: int) -> Desk:
    desk = Desk()
    desk.mint(ALICE, 10 * SHARE)
    desk.state.terms = OrderTerms(Limits(**limits), {BOB: Limits(open_orders=1_000)})
    return desk


def test_one_order_has_a_size() -> None:
    desk = limited(order_size=4 * SHARE)
    desk.buy(ALICE, YES, 3_000, 4 * SHARE)
    refusal = desk.refused(desk.order(ALICE, BUY, YES, 3_000, 4 * SHARE + 1))
    assert (refusal.code, refusal.pointer) == ("order.size_limit", "/quantity")
    assert refusal.extra == {"limit": "max_order_size", "allowed": "4"}
    assert desk.refused(AmendOrder(ALICE, 1, quantity=5 * SHARE, priority=9)).code == "order.size_limit"
    desk.buy(BOB, NO, 5_000, 90 * SHARE)
    by_cost = desk.order(ALICE, BUY, YES, None, None, cost_max=3 * CREDIT, time_in_force=TimeInForce.IOC)
    assert (desk.refused(by_cost).code, desk.refused(by_cost).pointer) == ("order.size_limit", "/max_cost")


def test_so_many_orders_may_be_open_and_those_that_fill_at_once_may_be_more() -> None:
    desk = limited(open_orders=2)
    desk.buy(ALICE, YES, 3_000, SHARE)
    desk.sell(ALICE, YES, 9_000, SHARE)
    refusal = desk.refused(desk.order(ALICE, BUY, NO, 2_000, SHARE))
    assert (refusal.code, refusal.pointer) == ("order.open_orders_limit", "/market_id")
    assert refusal.extra == {"limit": "max_open_orders", "allowed": 2}
    desk.buy(BOB, YES, 8_000, SHARE)
    assert desk.sell(ALICE, YES, 8_000, SHARE).orders[0].status is OrderStatus.FILLED
    assert desk.do(AmendOrder(ALICE, 1, price=3_100, priority=9)).orders[0].status is OrderStatus.OPEN
    desk.cancel(ALICE, 1)
    desk.buy(ALICE, NO, 500, SHARE)


def test_shares_held_and_on_order_are_a_position() -> None:
    desk = limited(position=20 * SHARE)
    desk.buy(ALICE, YES, 3_000, 6 * SHARE)
    refusal = desk.refused(desk.order(ALICE, BUY, YES, 2_000, 4 * SHARE + 1))
    assert (refusal.code, refusal.pointer) == ("order.position_limit", "/quantity")
    assert refusal.extra == {"limit": "max_position", "allowed": "20"}
    assert desk.refused(AmendOrder(ALICE, 1, quantity=11 * SHARE, priority=9)).code == "order.position_limit"
    desk.do(AmendOrder(ALICE, 1, quantity=10 * SHARE, priority=9))
    assert desk.refused(MintSets(ALICE, 1)).code == "order.position_limit"
    # The other outcome has room, and who sells needs none.
    desk.buy(ALICE, NO, 2_000, 10 * SHARE)
    desk.sell(ALICE, YES, 9_000, 10 * SHARE)


def test_who_has_own_limits_has_no_others() -> None:
    desk = limited(order_size=SHARE, open_orders=0, position=0)
    for price in range(1_000, 1_020):
        desk.buy(BOB, YES, price, 20 * SHARE)


@pytest.mark.parametrize(
    ("side", "outcome", "price", "is_within"),
    [
        (BUY, YES, 6_000, True),
        (BUY, YES, 6_001, False),
        (BUY, YES, 1, True),
        (SELL, YES, 4_000, True),
        (SELL, YES, 3_999, False),
        (SELL, YES, 9_999, True),
        (BUY, NO, 6_000, True),
        (BUY, NO, 6_001, False),
        (SELL, NO, 3_999, False),
    ],
)
def test_limit_orders_beyond_the_band_are_refused(side: Side, outcome: int, price: int, is_within: bool) -> None:
    desk = Desk()
    desk.mint(ALICE, 10 * SHARE)
    desk.state.terms = OrderTerms(band=1_000)
    order = desk.order(ALICE, side, outcome, price, SHARE)
    if is_within:
        desk.do(order)
    else:
        refusal = desk.refused(order)
        assert (refusal.code, refusal.pointer) == ("order.price_out_of_band", "/price")
        assert refusal.extra == {"edge": "0.6000" if side is BUY else "0.4000", "price_band": "0.1000"}


def test_market_orders_stop_at_the_band_and_their_records_tell_where() -> None:
    desk = Desk(liquidity=1_000_000)
    desk.state.terms = OrderTerms(band=1_000)
    effects = desk.buy(ALICE, YES, None, 500 * SHARE, time_in_force=TimeInForce.IOC)
    view = effects.orders[0]
    assert (view.status, view.spec.price) == (OrderStatus.CANCELLED, 6_000)
    assert 590_000 < effects.prices[0] <= 600_000
    replayed = Desk(liquidity=1_000_000)
    replayed.last_id = 1
    assert replayed.do(from_record(to_record(effects)).command) == effects


def test_a_nearer_protective_price_stays() -> None:
    desk = Desk(liquidity=1_000_000)
    desk.state.terms = OrderTerms(band=1_000)
    order = desk.order(ALICE, BUY, YES, None, 500 * SHARE, time_in_force=TimeInForce.IOC, price=5_500)
    assert desk.do(order).orders[0].spec.price == 5_500


def test_the_band_keeps_to_the_grid_and_the_range() -> None:
    desk = Desk(tick=300)
    desk.state.terms = OrderTerms(band=1_000)
    assert desk.refused(desk.order(ALICE, BUY, YES, 6_300, SHARE)).extra["edge"] == "0.6000"
    desk.state.terms = OrderTerms(band=9_000)
    assert desk.buy(ALICE, YES, 9_600, SHARE).orders[0].status is OrderStatus.OPEN


@pytest.mark.parametrize(
    ("limit", "changes", "pointer"),
    [
        (None, {"time_in_force": TimeInForce.IOC}, "/type"),
        (5_000, {"time_in_force": TimeInForce.IOC}, "/time_in_force"),
        (5_000, {"time_in_force": TimeInForce.FOK}, "/time_in_force"),
        (6_000, {}, "/price"),
    ],
)
def test_in_the_post_only_period_nothing_trades(limit: int | None, changes: dict[str, Any], pointer: str) -> None:
    desk = Desk()
    desk.buy(BOB, NO, 4_000, SHARE)
    desk.state.terms = OrderTerms(is_post_only=True)
    refusal = desk.refused(desk.order(ALICE, BUY, YES, limit, SHARE, **changes))
    assert (refusal.code, refusal.pointer) == ("order.post_only_period", pointer)
    desk.buy(ALICE, YES, 5_900, SHARE)
    assert desk.refused(AmendOrder(ALICE, desk.last_id, price=6_000, priority=99)).code == "order.post_only_period"
    post_only = desk.order(ALICE, BUY, YES, 6_000, SHARE, post_only=True)
    assert (post_only.spec.type, desk.refused(post_only).code) == (OrderType.LIMIT, "order.would_trade")
