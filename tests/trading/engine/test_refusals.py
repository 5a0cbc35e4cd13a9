"""Each code once, with what it needs; a refusal leaves the state and the funds as they were."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.trading.engine.desk import ALICE, BOB, CAROL, CREDIT, NO, NOW, SHARE, YES, Desk
from trading.errors import ERRORS_BY_CODE, error_from
from trading.types import CancelOrder, MergeSets, MintSets, OrderType, Side, TimeInForce

BUY, SELL = Side.BUY, Side.SELL
FOK, GTD, IOC = TimeInForce.FOK, TimeInForce.GTD, TimeInForce.IOC


def busy_desk() -> Desk:
    """Alice bids 0.40 and asks 0.60 for yes, on a grid of cents and hundredths."""
    desk = Desk(tick=100, lot=100)
    desk.mint(ALICE, 5 * SHARE)
    desk.buy(ALICE, YES, 4_000, SHARE)
    desk.sell(ALICE, YES, 6_000, SHARE)
    return desk


@pytest.mark.parametrize(
    ("code", "pointer", "order", "changes"),
    [
        ("order.expired", "/valid_until", (BOB, BUY, YES, 5_000, SHARE), {"valid_until": NOW}),
        ("order.expired", "/expires_at", (BOB, BUY, YES, 5_000, SHARE), {"time_in_force": GTD, "valid_until": NOW}),
        ("order.expiry_invalid", "/expires_at", (BOB, BUY, YES, 5_000, SHARE), {"time_in_force": GTD}),
        ("order.expiry_invalid", "/type", (BOB, BUY, YES, None, SHARE), {"time_in_force": GTD}),
        ("order.outcome_unknown", "/outcome", (BOB, BUY, 2, 5_000, SHARE), {}),
        ("order.outcome_unknown", "/outcome", (BOB, BUY, -1, 5_000, SHARE), {}),
        ("order.price_required", "/price", (BOB, BUY, YES, None, SHARE), {"type": OrderType.LIMIT}),
        ("order.post_only_invalid", "/post_only", (BOB, BUY, YES, None, SHARE), {"post_only": True}),
        ("order.post_only_invalid", "/post_only", (BOB, BUY, YES, 100, 100), {"post_only": True, "time_in_force": IOC}),
        ("order.cost_max_invalid", "/max_cost", (BOB, BUY, YES, 5_000, SHARE), {"cost_max": CREDIT}),
        ("order.cost_max_invalid", "/max_cost", (ALICE, SELL, YES, None, SHARE), {"cost_max": CREDIT}),
        ("order.cost_max_invalid", "/max_cost", (BOB, BUY, YES, None, None), {"cost_max": 0}),
        ("order.price_out_of_range", "/price", (BOB, BUY, YES, 10_000, SHARE), {}),
        ("order.price_out_of_range", "/price", (BOB, BUY, YES, -100, SHARE), {}),
        ("order.price_out_of_range", "/price", (BOB, BUY, YES, 1, SHARE), {"price": 0}),
        ("order.price_off_grid", "/price", (BOB, BUY, YES, 5_050, SHARE), {}),
        ("order.quantity_invalid", "/quantity", (BOB, BUY, YES, 5_000, 0), {}),
        ("order.quantity_invalid", "/quantity", (BOB, BUY, YES, 5_000, -SHARE), {}),
        ("order.quantity_invalid", "/quantity", (BOB, BUY, YES, 5_000, 150), {}),
        ("order.quantity_invalid", "/quantity", (BOB, BUY, YES, 5_000, 10**13 + 100), {}),
        ("order.quantity_invalid", "/quantity", (BOB, BUY, YES, None, None), {}),
        ("order.insufficient_shares", "/quantity", (ALICE, SELL, YES, 7_000, 5 * SHARE), {}),
        ("order.insufficient_shares", "/quantity", (BOB, SELL, NO, None, 100), {}),
        ("order.would_trade", "/price", (BOB, BUY, YES, 6_000, SHARE), {"post_only": True}),
        ("order.would_trade", "/price", (ALICE, BUY, YES, 6_000, SHARE), {"post_only": True}),
        ("order.not_filled", "/quantity", (BOB, BUY, YES, 6_000, 2 * SHARE), {"time_in_force": FOK}),
        ("order.not_filled", "/quantity", (BOB, BUY, YES, None, 2 * SHARE), {"time_in_force": FOK}),
        ("order.no_liquidity", "/price", (BOB, BUY, YES, None, SHARE), {"price": 5_900}),
        ("order.no_liquidity", "/type", (ALICE, BUY, YES, None, SHARE), {}),
        ("order.no_liquidity", "/max_cost", (BOB, BUY, YES, None, None), {"cost_max": 599_999}),
        ("order.insufficient_funds", "/quantity", (CAROL, BUY, YES, 5_000, SHARE), {}),
        ("order.insufficient_funds", "/quantity", (CAROL, BUY, YES, None, SHARE), {}),
    ],
)
def test_order_is_refused(code: str, pointer: str, order: tuple[Any, ...], changes: dict[str, Any]) -> None:
    desk = busy_desk()
    refusal = desk.refused(desk.order(*order, **changes))
    assert (refusal.code, refusal.pointer) == (code, pointer)
    error = error_from(refusal)
    assert type(error) is ERRORS_BY_CODE[code]
    assert error.errors[0].pointer == pointer


def test_nothing_but_cancels_in_a_halted_market_and_nothing_in_a_closed_one() -> None:
    desk = busy_desk()
    desk.state.is_open = False
    for command in (desk.order(BOB, BUY, YES, 5_000, SHARE), MintSets(BOB, SHARE), MergeSets(ALICE, SHARE)):
        assert desk.refused(command).code == "order.market_not_open"
    desk.state.is_cancel_allowed = False
    assert desk.refused(CancelOrder(ALICE, 1)).code == "order.market_not_open"


@pytest.mark.parametrize(("user_id", "order_id"), [(ALICE, 99), (BOB, 1)])
def test_only_own_open_orders_can_be_cancelled(user_id: int, order_id: int) -> None:
    assert busy_desk().refused(CancelOrder(user_id, order_id)).code == "order.not_found"


def test_an_order_is_cancelled_once() -> None:
    desk = busy_desk()
    desk.cancel(ALICE, 1)
    assert desk.refused(CancelOrder(ALICE, 1)).code == "order.not_found"


def test_insufficient_funds_tells_what_is_there_and_what_it_takes() -> None:
    desk = Desk(taker_fee_bps=100, maker_fee_bps=100)
    desk.funds[CAROL] = 2_512_499_999
    refusal = desk.refused(desk.order(CAROL, BUY, YES, 5_000, 50 * SHARE))
    assert refusal.extra == {"available": "25.12499999", "required": "25.125"}
    desk.funds[CAROL] += 1
    desk.buy(CAROL, YES, 5_000, 50 * SHARE)
    assert desk.funds[CAROL] == 0


def test_insufficient_shares_hints_at_the_other_outcome() -> None:
    refusal = busy_desk().refused(Desk().order(BOB, SELL, YES, 7_000, SHARE))
    assert "buy the other outcome instead" in refusal.detail
    assert refusal.extra == {"available": "0", "required": "1"}


def test_funds_needed_are_those_of_the_actual_fills() -> None:
    desk = busy_desk()
    desk.funds[CAROL] = 60_000_000
    desk.buy(CAROL, YES, 9_900, SHARE)
    assert desk.funds[CAROL] == 0


def test_sets_need_funds_and_shares() -> None:
    desk = busy_desk()
    assert desk.refused(MintSets(CAROL, SHARE)).code == "order.insufficient_funds"
    assert desk.refused(MergeSets(ALICE, 5 * SHARE)).code == "order.insufficient_shares"
    assert desk.refused(MintSets(ALICE, 50)).code == "order.quantity_invalid"
    desk.merge(ALICE, 4 * SHARE)


def test_post_only_is_refused_when_the_rule_would_fill_it() -> None:
    desk = Desk(liquidity=1_000 * SHARE)
    assert desk.refused(desk.order(BOB, BUY, YES, 5_001, SHARE, post_only=True)).code == "order.would_trade"


def test_the_cheapest_check_comes_first() -> None:
    """An order that is wrong in every way gets the codes in the stated order, as each is put right."""
    desk = busy_desk()
    order = desk.order(CAROL, BUY, 5, 20_001, 7, post_only=True, time_in_force=IOC, valid_until=NOW, cost_max=1)
    desk.state.is_open = False
    fixes: list[tuple[str, dict[str, Any]]] = [
        ("order.market_not_open", {}),
        ("order.expired", {"valid_until": NOW + timedelta(seconds=1)}),
        ("order.outcome_unknown", {"outcome": YES}),
        ("order.post_only_invalid", {"time_in_force": TimeInForce.GTC}),
        ("order.cost_max_invalid", {"cost_max": None}),
        ("order.price_out_of_range", {"price": 9_999}),
        ("order.price_off_grid", {"price": 9_900}),
        ("order.quantity_invalid", {"quantity": 100}),
        ("order.would_trade", {"post_only": False}),
        ("order.insufficient_funds", {}),
    ]
    for code, fix in fixes:
        assert desk.refused(order).code == code
        desk.state.is_open = True
        order = replace(order, spec=replace(order.spec, **fix))
