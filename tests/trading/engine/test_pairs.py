"""Pairs of orders: together they hold what one needs, and never do both trade."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.trading.engine.desk import ALICE, BOB, CAROL, CREDIT, SHARE, Desk
from trading.engine.follow import apply_record
from trading.engine.journal import to_record
from trading.engine.replay import digest
from trading.engine.state import new_state
from trading.types import (
    AmendOrder,
    CancelOrder,
    Effects,
    OrderSpec,
    OrderStatus,
    OrderType,
    PlacePair,
    Side,
    Ties,
    TimeInForce,
)


def leg(side: Side, price: int | None, size: int, *, trigger: int | None = None, **more: Any) -> OrderSpec:
    kind = OrderType.LIMIT if trigger is None else OrderType.STOP if price is None else OrderType.STOP_LIMIT
    ties = None if trigger is None else Ties(trigger)
    return replace(OrderSpec(7, 0, side, kind, TimeInForce.GTC, price, size, ties=ties), **more)


TAKE_PROFIT = leg(Side.SELL, 8_000, 10 * SHARE)
STOP_LOSS = leg(Side.SELL, None, 10 * SHARE, trigger=3_000)


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.funds[CAROL] = 1_000 * CREDIT
    for user in (ALICE, BOB, CAROL):
        desk.mint(user, 10 * SHARE)
    return desk


def pair(desk: Desk, first: OrderSpec = TAKE_PROFIT, second: OrderSpec = STOP_LOSS, user: int = ALICE) -> PlacePair:
    desk.last_id += 2
    return PlacePair(user, first, second, "", b"", (desk.last_id - 1, desk.last_id))


def statuses(effects: Effects) -> dict[int, str]:
    return {view.order_id: view.status.value for view in effects.orders}


def test_ten_shares_are_enough_for_both(desk: Desk) -> None:
    command = pair(desk)
    effects = desk.do(command)
    first, second = effects.orders
    assert (first.hold_shares, first.status) == (10 * SHARE, OrderStatus.OPEN)
    assert (second.hold_shares, second.status) == (0, OrderStatus.WAITING)
    assert [view.spec.ties and view.spec.ties.linked_to for view in effects.orders] == list(reversed(command.order_ids))
    assert desk.state.free_shares(ALICE, 0) == 0


def test_cash_is_held_for_the_dearer_one(desk: Desk) -> None:
    desk.funds[ALICE] = 7 * CREDIT
    low, high = leg(Side.BUY, 2_000, 10 * SHARE), leg(Side.BUY, 7_000, 10 * SHARE, trigger=6_000)
    views = desk.do(pair(desk, low, high)).orders
    assert [view.hold_cash for view in views] == [2 * CREDIT, 5 * CREDIT]
    assert desk.funds[ALICE] == 0
    assert desk.refused(pair(desk, low, high)).code == "order.insufficient_funds"


def test_a_fill_in_part_cancels_the_other(desk: Desk) -> None:
    first, second = pair_ids = (command := pair(desk)).order_ids
    desk.do(command)
    effects = desk.buy(BOB, 0, 8_000, 3 * SHARE)
    assert {i: statuses(effects)[i] for i in pair_ids} == {first: "open", second: "cancelled"}
    assert desk.state.holdings[ALICE, 0].held == 7 * SHARE
    assert (desk.state.links, desk.state.stops.orders) == ({}, {})
    desk.buy(CAROL, 0, 2_000, SHARE)
    assert desk.sell(BOB, 0, 2_000, SHARE).fills[-1].maker_user_id == CAROL


def test_firing_cancels_the_other_before_it_trades(desk: Desk) -> None:
    first, second = (command := pair(desk)).order_ids
    desk.do(command)
    desk.buy(CAROL, 0, 3_000, SHARE)
    desk.buy(CAROL, 0, 2_500, 4 * SHARE)
    effects = desk.sell(BOB, 0, 3_000, SHARE)
    assert (statuses(effects)[first], statuses(effects)[second]) == ("cancelled", "cancelled")
    assert [(fill.taker_order_id, fill.quantity) for fill in effects.fills[1:]] == [(second, 4 * SHARE)]
    assert (desk.shares(ALICE)[0], desk.state.holdings[ALICE, 0].held) == (6 * SHARE, 0)


def test_one_command_that_could_fill_both_fills_one(desk: Desk) -> None:
    """The trade takes the profit; a stop that it fires sells beyond the trigger of the same pair."""
    first, second = (command := pair(desk)).order_ids
    desk.do(command)
    desk.buy(CAROL, 0, 2_000, 2 * SHARE)
    # Sells "no" at "no" 0.20 or less, which is buying "yes" at 0.80; its counterpart is Carol at 0.20.
    fired = desk.do(desk.order(BOB, Side.BUY, 1, None, SHARE, type=OrderType.STOP, ties=Ties(8_500))).orders[0].order_id
    effects = desk.buy(CAROL, 0, 8_000, SHARE)
    assert (statuses(effects)[first], statuses(effects)[second]) == ("open", "cancelled")
    assert fired in desk.state.stops.orders
    later = desk.sell(BOB, 0, 2_000, SHARE)
    assert {fill.taker_user_id for fill in later.fills} == {BOB}
    assert desk.state.holdings[ALICE, 0].held == 9 * SHARE


@pytest.mark.parametrize("number", [0, 1])
def test_cancelling_one_cancels_both(desk: Desk, number: int) -> None:
    command = pair(desk)
    desk.do(command)
    effects = desk.cancel(ALICE, command.order_ids[number])
    assert statuses(effects) == dict.fromkeys(command.order_ids, "cancelled")
    assert desk.state.free_shares(ALICE, 0) == 10 * SHARE
    assert desk.refused(CancelOrder(ALICE, command.order_ids[1 - number])).code == "order.not_found"


def test_terms_of_a_pair_stay(desk: Desk) -> None:
    command = pair(desk)
    desk.do(command)
    for order_id in command.order_ids:
        refusal = desk.refused(AmendOrder(ALICE, order_id, quantity=SHARE))
        assert (refusal.code, refusal.pointer) == ("order.amend_invalid", "/order_id")


def test_two_stops_and_two_sides_are_pairs(desk: Desk) -> None:
    breakout = (leg(Side.BUY, None, SHARE, trigger=7_000), leg(Side.SELL, None, SHARE, trigger=3_000))
    ids = (command := pair(desk, *breakout)).order_ids
    desk.do(command)
    desk.buy(BOB, 0, 7_000, SHARE)
    assert statuses(desk.sell(CAROL, 0, 7_000, SHARE))[ids[1]] == "cancelled"
    quotes = (leg(Side.BUY, 4_000, SHARE), leg(Side.SELL, 6_000, SHARE))
    ids = (command := pair(desk, *quotes)).order_ids
    desk.do(command)
    assert statuses(desk.sell(BOB, 0, 4_000, SHARE))[ids[1]] == "cancelled"


@pytest.mark.parametrize(
    ("first", "second", "code", "pointer"),
    [
        (TAKE_PROFIT, leg(Side.SELL, 9_000, SHARE), "order.pair_invalid", "/orders/1/price"),
        (leg(Side.BUY, 6_000, SHARE), leg(Side.SELL, 6_000, SHARE), "order.pair_invalid", "/orders/1/price"),
        (leg(Side.BUY, 6_000, SHARE), leg(Side.BUY, 4_000, SHARE, outcome=1), "order.pair_invalid", "/orders/1/price"),
        (replace(TAKE_PROFIT, type=OrderType.MARKET, price=None), STOP_LOSS, "order.pair_invalid", "/orders/0/type"),
        (replace(TAKE_PROFIT, time_in_force=TimeInForce.IOC), STOP_LOSS, "order.pair_invalid", "/orders/0/type"),
        (TAKE_PROFIT, replace(STOP_LOSS, ties=Ties(None)), "order.trigger_invalid", "/orders/1/trigger_price"),
        (TAKE_PROFIT, replace(STOP_LOSS, ties=Ties(5_000)), "order.would_trigger", "/orders/1/trigger_price"),
        (replace(TAKE_PROFIT, quantity=11 * SHARE), STOP_LOSS, "order.insufficient_shares", "/orders/0/quantity"),
        (leg(Side.SELL, 2_000, SHARE), STOP_LOSS, "order.would_trade", "/orders/0/price"),
    ],
)
def test_what_isnt_a_pair_is_refused(desk: Desk, first: OrderSpec, second: OrderSpec, code: str, pointer: str) -> None:
    desk.buy(BOB, 0, 2_500, SHARE)
    desk.sell(BOB, 0, 7_500, SHARE)
    refusal = desk.refused(pair(desk, first, second))
    assert (refusal.code, refusal.pointer) == (code, pointer)


def test_records_bring_another_state_to_the_same() -> None:
    desk = Desk()
    desk.funds[CAROL] = 1_000 * CREDIT
    follower = new_state(desk.state.rules)
    commands: list[Any] = [
        *[desk.order(user, Side.BUY, 1, 1_000, SHARE) for user in (BOB, CAROL)],
        pair(desk, leg(Side.BUY, 3_000, SHARE), leg(Side.BUY, 8_000, SHARE, trigger=7_000)),
        pair(desk, leg(Side.BUY, 3_100, SHARE), leg(Side.BUY, 8_000, SHARE, trigger=7_500)),
        desk.order(BOB, Side.BUY, 1, 6_950, SHARE // 2),
        desk.order(BOB, Side.BUY, 1, 2_000, 3 * SHARE),
        desk.order(CAROL, Side.BUY, 0, 8_000, SHARE),
    ]
    for command in commands:
        apply_record(follower, json.loads(json.dumps(to_record(desk.do(command)))))
        assert digest(follower) == digest(desk.state)
        assert follower.links == desk.state.links
