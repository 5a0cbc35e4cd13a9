"""Amended orders: what keeps its place, what goes to the back, what trades, and what is refused."""

from typing import Any

import pytest

from tests.trading.engine.desk import ALICE, BOB, CREDIT, NO, SHARE, YES, Desk
from trading.types import AmendOrder, OrderStatus, Side


def in_line(desk: Desk, side: Side = Side.BUY) -> list[int]:
    """Order ids as takers meet them."""
    return [order.order_id for order in desk.state.books[0].side(side).orders()]


def two_bids() -> Desk:
    """Alice, then Bob, bid 0.40 for 4 shares each."""
    desk = Desk(tick=100, lot=100)
    desk.buy(ALICE, YES, 4_000, 4 * SHARE)
    desk.buy(BOB, YES, 4_000, 4 * SHARE)
    return desk


@pytest.mark.parametrize(
    ("terms", "line", "quantity", "held"),
    [
        ({"quantity": 3 * SHARE}, [1, 2], 3 * SHARE, 12_000 * SHARE),
        ({"decrease": SHARE}, [1, 2], 3 * SHARE, 12_000 * SHARE),
        ({"quantity": 5 * SHARE}, [2, 1], 5 * SHARE, 20_000 * SHARE),
        ({"price": 4_100}, [1, 2], 4 * SHARE, 16_400 * SHARE),
        ({"price": 3_900}, [2, 1], 4 * SHARE, 15_600 * SHARE),
        ({"price": 3_900, "quantity": SHARE}, [2, 1], SHARE, 3_900 * SHARE),
        ({"price": 4_000, "quantity": SHARE}, [1, 2], SHARE, 4_000 * SHARE),
    ],
)
def test_fewer_keep_their_place_and_everything_else_goes_to_the_back(
    terms: dict[str, int], line: list[int], quantity: int, held: int
) -> None:
    desk = two_bids()
    view = desk.do(AmendOrder(ALICE, 1, **terms, priority=3)).orders[0]
    assert (view.order_id, view.status, view.quantity, view.spec.quantity) == (1, OrderStatus.OPEN, quantity, quantity)
    assert in_line(desk) == line
    assert view.hold_cash == held
    assert desk.funds[ALICE] == 1_000 * CREDIT - held


def test_what_has_been_filled_counts_in_the_quantity_and_not_in_a_decrease() -> None:
    desk = two_bids()
    desk.buy(BOB, NO, 6_000, SHARE)
    assert desk.do(AmendOrder(ALICE, 1, quantity=3 * SHARE)).orders[0].remaining == 2 * SHARE
    assert desk.do(AmendOrder(ALICE, 1, decrease=SHARE)).orders[0].remaining == SHARE
    assert desk.bids() == [(4_000, 5 * SHARE)]


def test_a_decrease_by_all_or_more_cancels() -> None:
    desk = two_bids()
    view = desk.do(AmendOrder(ALICE, 1, decrease=40 * SHARE)).orders[0]
    assert (view.status, view.hold_cash) == (OrderStatus.CANCELLED, 0)
    assert desk.funds[ALICE] == 1_000 * CREDIT


def test_a_price_that_crosses_trades_at_once_and_the_rest_comes_to_rest() -> None:
    desk = two_bids()
    desk.buy(BOB, NO, 5_000, SHARE)
    effects = desk.do(AmendOrder(ALICE, 1, price=5_500, priority=9))
    assert [(fill.price, fill.quantity, fill.taker_order_id) for fill in effects.fills] == [(5_000, SHARE, 1)]
    assert (effects.orders[0].filled, effects.orders[0].remaining) == (SHARE, 3 * SHARE)
    assert desk.bids() == [(5_500, 3 * SHARE), (4_000, 4 * SHARE)]
    assert desk.funds[ALICE] == 1_000 * CREDIT - 5_000 * SHARE - 3 * 5_500 * SHARE


def test_it_may_use_what_it_has_reserved() -> None:
    desk = Desk()
    desk.buy(ALICE, YES, 5_000, 2_000 * SHARE)
    assert desk.funds[ALICE] == 0
    assert desk.do(AmendOrder(ALICE, 1, price=4_000, quantity=2_500 * SHARE)).orders[0].hold_cash == 1_000 * CREDIT
    assert desk.refused(AmendOrder(ALICE, 1, price=4_001)).code == "order.insufficient_funds"
    desk.mint(BOB, 5 * SHARE)
    desk.sell(BOB, YES, 6_000, 5 * SHARE)
    assert desk.do(AmendOrder(BOB, 2, price=7_000)).orders[0].hold_shares == 5 * SHARE


@pytest.mark.parametrize(
    ("code", "pointer", "terms"),
    [
        ("order.amend_invalid", "/price", {"price": 4_000}),
        ("order.amend_invalid", "/quantity", {"quantity": 4 * SHARE}),
        ("order.amend_invalid", "/quantity", {"quantity": SHARE}),
        ("order.quantity_invalid", "/quantity", {"quantity": 3 * SHARE + 1}),
        ("order.quantity_invalid", "/quantity", {"quantity": 0}),
        ("order.quantity_invalid", "/decrease_by", {"decrease": 1}),
        ("order.price_out_of_range", "/price", {"price": 10_000}),
        ("order.price_off_grid", "/price", {"price": 4_050}),
        ("order.insufficient_funds", "/quantity", {"quantity": 10_000 * SHARE}),
    ],
)
def test_refused_terms_leave_the_order_as_it_stands(code: str, pointer: str, terms: dict[str, Any]) -> None:
    desk = two_bids()
    desk.buy(BOB, NO, 6_000, SHARE)
    refusal = desk.refused(AmendOrder(ALICE, 1, **terms, priority=9))
    assert (refusal.code, refusal.pointer) == (code, pointer)
    assert in_line(desk) == [1, 2]


def test_only_its_own_trader_may_amend_an_open_order() -> None:
    desk = two_bids()
    assert desk.refused(AmendOrder(BOB, 1, price=4_100)).code == "order.not_found"
    assert desk.refused(AmendOrder(ALICE, 7, price=4_100)).code == "order.not_found"


def test_more_than_the_free_shares_cannot_be_sold() -> None:
    desk = Desk()
    desk.mint(ALICE, 5 * SHARE)
    desk.sell(ALICE, YES, 6_000, 4 * SHARE)
    assert desk.do(AmendOrder(ALICE, 1, quantity=5 * SHARE)).orders[0].hold_shares == 5 * SHARE
    assert desk.refused(AmendOrder(ALICE, 1, quantity=6 * SHARE)).code == "order.insufficient_shares"


def test_a_post_only_order_does_not_become_a_taker() -> None:
    desk = two_bids()
    desk.buy(BOB, NO, 5_000, SHARE)
    desk.buy(ALICE, YES, 3_000, SHARE, post_only=True)
    assert desk.refused(AmendOrder(ALICE, 4, price=5_000)).code == "order.would_trade"


def test_in_a_halted_market_an_order_only_becomes_smaller() -> None:
    desk = two_bids()
    desk.state.is_open = False
    for terms in ({"price": 3_000}, {"quantity": 5 * SHARE}):
        assert desk.refused(AmendOrder(ALICE, 1, **terms)).code == "order.market_not_open"
    assert desk.do(AmendOrder(ALICE, 1, quantity=SHARE)).orders[0].quantity == SHARE
    assert desk.do(AmendOrder(ALICE, 1, decrease=SHARE)).orders[0].status is OrderStatus.CANCELLED
    desk.state.is_cancel_allowed = False
    assert desk.refused(AmendOrder(BOB, 2, decrease=SHARE)).code == "order.market_not_open"
