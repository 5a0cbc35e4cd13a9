"""Stops: when they fire, in which order, what with, and that a record tells it all."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.trading.engine.desk import ALICE, BOB, CAROL, CREDIT, NOW, SHARE, Desk
from trading.engine.follow import apply_record
from trading.engine.journal import from_record, to_record
from trading.engine.replay import digest
from trading.engine.state import new_state
from trading.engine.triggers import TRIGGERS_MAX
from trading.types import (
    AmendOrder,
    CancelOrder,
    Effects,
    OrderStatus,
    OrderType,
    PlaceOrder,
    SelfTradePolicy,
    Side,
    Ties,
    TimeInForce,
)


def stop(
    desk: Desk, user: int, side: Side, trigger: int, size: int | None, *, limit: int | None = None, **more: Any
) -> PlaceOrder:
    kind = OrderType.STOP_LIMIT if limit else OrderType.STOP
    more = {"outcome": 0, "type": kind, "time_in_force": TimeInForce.GTC, "ties": Ties(trigger), **more}
    return desk.order(user, side, more.pop("outcome"), limit, size, **more)


def traded_at(desk: Desk, price: int) -> Effects:
    """Carol, who has money and shares, trades one lot with herself of another name at ``price``."""
    desk.buy(BOB, 0, price, 1)
    return desk.sell(CAROL, 0, price, 1)


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    desk.funds[CAROL] = 1_000 * CREDIT
    for user in (ALICE, BOB, CAROL):
        desk.mint(user, 100 * SHARE)
    return desk


def statuses(effects: Effects) -> dict[int, OrderStatus]:
    return {view.order_id: view.status for view in effects.orders}


@pytest.mark.parametrize(
    ("side", "outcome", "trigger", "price", "fires"),
    [
        (Side.BUY, 0, 6_000, 5_999, False),
        (Side.BUY, 0, 6_000, 6_000, True),
        (Side.BUY, 0, 6_000, 8_500, True),
        (Side.SELL, 0, 4_000, 4_001, False),
        (Side.SELL, 0, 4_000, 4_000, True),
        (Side.SELL, 0, 4_000, 1_200, True),
        # "no" at 0.60 is "yes" at 0.40.
        (Side.BUY, 1, 6_000, 4_001, False),
        (Side.BUY, 1, 6_000, 4_000, True),
        (Side.SELL, 1, 4_000, 5_999, False),
        (Side.SELL, 1, 4_000, 6_000, True),
    ],
)
def test_it_fires_at_its_price_and_beyond(
    desk: Desk, side: Side, outcome: int, trigger: int, price: int, fires: bool
) -> None:
    waiting = desk.do(stop(desk, ALICE, side, trigger, SHARE, outcome=outcome))
    order_id = waiting.orders[0].order_id
    assert statuses(waiting) == {order_id: OrderStatus.WAITING}
    assert waiting.levels == []
    found = statuses(traded_at(desk, price))
    # Nobody is there to trade with, so it fires and is cancelled.
    assert found.get(order_id) == (OrderStatus.CANCELLED if fires else None)
    assert (order_id in desk.state.stops.orders) is not fires


def test_a_gap_is_paid_at_what_the_book_has_but_no_limit_is_passed(desk: Desk) -> None:
    traded_at(desk, 6_000)
    free = desk.do(stop(desk, ALICE, Side.SELL, 5_000, 2 * SHARE)).orders[0].order_id
    limited = desk.do(stop(desk, ALICE, Side.SELL, 5_000, 2 * SHARE, limit=4_500)).orders[0].order_id
    desk.buy(BOB, 0, 3_000, 5 * SHARE)
    effects = desk.sell(CAROL, 0, 3_000, SHARE)
    assert [(fill.taker_order_id, fill.price, fill.quantity) for fill in effects.fills[1:]] == [
        (free, 3_000, 2 * SHARE)
    ]
    assert statuses(effects)[limited] is OrderStatus.OPEN
    assert desk.asks() == [(4_500, 2 * SHARE)]


def test_the_earliest_goes_first_and_its_trades_fire_others(desk: Desk) -> None:
    traded_at(desk, 6_000)
    last = desk.do(stop(desk, ALICE, Side.SELL, 3_000, SHARE)).orders[0].order_id
    first = desk.do(stop(desk, ALICE, Side.SELL, 5_000, SHARE)).orders[0].order_id
    second = desk.do(stop(desk, BOB, Side.SELL, 5_500, SHARE)).orders[0].order_id
    desk.buy(CAROL, 0, 5_000, SHARE)
    desk.buy(CAROL, 0, 4_000, SHARE)
    desk.buy(CAROL, 0, 3_000, SHARE)
    desk.buy(CAROL, 0, 2_000, SHARE)
    effects = desk.sell(BOB, 0, 5_000, SHARE)
    # The trade at 0.50 fires both of 0.50 and 0.55; the one at 0.30 comes to 0.30 by them and fires the last.
    assert [(f.taker_order_id, f.price) for f in effects.fills[1:]] == [(first, 4_000), (second, 3_000), (last, 2_000)]


def test_it_pays_from_its_hold_alone() -> None:
    desk = Desk(taker_fee_bps=700, maker_fee_bps=300)
    desk.funds[CAROL] = 1_000 * CREDIT
    for user in (BOB, CAROL):
        desk.mint(user, 100 * SHARE)
    before = desk.funds[ALICE]
    held = desk.do(stop(desk, ALICE, Side.BUY, 6_000, 10 * SHARE, limit=7_000)).orders[0].hold_cash
    # 10 x 0.70 and a fee of 7 % of 0.21 a share, and one unit for rounding twice.
    assert held == 7 * CREDIT + 14_700_000 + 1
    assert desk.funds[ALICE] == before - held
    desk.funds[ALICE] = 0
    desk.sell(BOB, 0, 6_000, SHARE)
    desk.sell(BOB, 0, 7_000, 4 * SHARE)
    effects = desk.buy(CAROL, 0, 6_000, SHARE)
    view = next(view for view in effects.orders if view.user_id == ALICE)
    assert (view.filled, view.status, view.cost) == (4 * SHARE, OrderStatus.OPEN, 28_000 * SHARE)
    assert desk.funds[ALICE] == held - view.cost - view.fee - view.hold_cash >= 0


def test_a_budget_is_held_and_spent(desk: Desk) -> None:
    placed = desk.do(stop(desk, ALICE, Side.BUY, 6_000, None, cost_max=2 * CREDIT)).orders[0]
    assert (placed.hold_cash, placed.quantity) == (2 * CREDIT, 0)
    desk.sell(BOB, 0, 8_000, 50 * SHARE)
    effects = desk.buy(CAROL, 0, 8_000, SHARE)
    view = next(view for view in effects.orders if view.order_id == placed.order_id)
    assert (view.quantity, view.filled, view.cost, view.status) == (25_000, 25_000, 2 * CREDIT, OrderStatus.FILLED)
    assert view.hold_cash == 0


@pytest.mark.parametrize(
    ("more", "code", "pointer"),
    [
        ({"ties": Ties(None)}, "order.trigger_invalid", "/trigger_price"),
        ({"ties": Ties(10_000)}, "order.trigger_invalid", "/trigger_price"),
        ({"ties": Ties(6_050)}, "order.trigger_invalid", "/trigger_price"),
        ({"type": OrderType.LIMIT, "price": 6_000}, "order.trigger_invalid", "/trigger_price"),
        ({"type": OrderType.STOP_LIMIT, "price": None}, "order.price_required", "/price"),
        ({"time_in_force": TimeInForce.IOC}, "order.trigger_invalid", "/time_in_force"),
        ({"post_only": True}, "order.trigger_invalid", "/time_in_force"),
        ({"ties": Ties(5_000)}, "order.would_trigger", "/trigger_price"),
        ({"time_in_force": TimeInForce.GTD}, "order.expiry_invalid", "/expires_at"),
        ({"time_in_force": TimeInForce.GTD, "valid_until": NOW}, "order.expired", "/expires_at"),
        ({"valid_until": NOW}, "order.expired", "/valid_until"),
        ({"quantity": 0}, "order.quantity_invalid", "/quantity"),
        ({"quantity": 1_001 * SHARE}, "order.insufficient_funds", "/quantity"),
        ({"side": Side.SELL, "ties": Ties(4_000)}, "order.insufficient_shares", "/quantity"),
        ({"side": Side.SELL, "quantity": SHARE, "ties": Ties(5_000)}, "order.would_trigger", "/trigger_price"),
    ],
)
def test_what_cant_wait_is_refused(more: dict[str, Any], code: str, pointer: str) -> None:
    more = dict(more)
    desk = Desk(tick=100)
    desk.mint(ALICE, SHARE)
    side, size = more.pop("side", Side.BUY), more.pop("quantity", 2 * SHARE)
    command = stop(desk, ALICE, side, 6_000, size, **more)
    refusal = desk.refused(command)
    assert (refusal.code, refusal.pointer) == (code, pointer)


def test_it_is_cancelled_with_its_hold_but_not_amended(desk: Desk) -> None:
    order_id = desk.do(stop(desk, ALICE, Side.SELL, 4_000, SHARE)).orders[0].order_id
    assert desk.state.free_shares(ALICE, 0) == 99 * SHARE
    assert desk.refused(AmendOrder(ALICE, order_id, decrease=1)).code == "order.amend_invalid"
    assert desk.refused(CancelOrder(BOB, order_id)).code == "order.not_found"
    assert statuses(desk.cancel(ALICE, order_id)) == {order_id: OrderStatus.CANCELLED}
    assert desk.state.free_shares(ALICE, 0) == 100 * SHARE
    assert not traded_at(desk, 3_000).orders[2:]


def test_one_that_ends_is_among_the_ended(desk: Desk) -> None:
    end = NOW + timedelta(seconds=5)
    command = stop(desk, ALICE, Side.SELL, 4_000, SHARE, time_in_force=TimeInForce.GTD, valid_until=end)
    order_id = desk.do(command).orders[0].order_id
    assert [order.order_id for order in desk.state.ended_orders(end)] == [order_id]
    assert desk.state.ended_orders(end - timedelta(seconds=1)) == []


def test_nothing_fires_in_a_halted_market(desk: Desk) -> None:
    desk.do(stop(desk, ALICE, Side.SELL, 4_900, SHARE))
    own = desk.buy(BOB, 0, 2_000, SHARE).orders[0].order_id
    desk.state.stops.fire(0, 4_000)
    desk.state.is_open = False
    assert desk.cancel(BOB, own).fills == []
    assert len(desk.state.stops.due) == 1


def test_a_self_trade_ends_it(desk: Desk) -> None:
    for policy, filled in ((SelfTradePolicy.CANCEL_NEWEST, 0), (SelfTradePolicy.CANCEL_OLDEST, SHARE)):
        order_id = desk.do(stop(desk, ALICE, Side.SELL, 4_000, SHARE, self_trade_policy=policy)).orders[0].order_id
        desk.buy(ALICE, 0, 3_500, SHARE)
        desk.buy(BOB, 0, 3_400, SHARE)
        desk.buy(BOB, 0, 3_600, 1)
        effects = desk.sell(CAROL, 0, 3_600, 1)
        view = next(view for view in effects.orders if view.order_id == order_id)
        assert view.filled == filled
        for rest in list(desk.state.orders.values()):
            desk.cancel(rest.user_id, rest.order_id)
        # Another trade above brings the price back.
        traded_at(desk, 5_000)


def test_a_fired_limit_rests_by_its_number(desk: Desk) -> None:
    early = desk.sell(CAROL, 0, 4_500, SHARE).orders[0].order_id
    fired = desk.do(stop(desk, ALICE, Side.SELL, 4_000, SHARE, limit=4_500)).orders[0].order_id
    late = desk.sell(BOB, 0, 4_500, SHARE).orders[0].order_id
    moved = desk.sell(BOB, 0, 4_600, SHARE).orders[0].order_id
    desk.do(AmendOrder(BOB, moved, price=4_500, priority=90))
    traded_at(desk, 3_000)
    assert list(desk.state.books[0].asks.levels[4_500].orders) == [early, fired, late, moved]


def test_a_cascade_is_bounded_and_goes_on_with_the_next_command(desk: Desk) -> None:
    ids = [desk.do(stop(desk, ALICE, Side.SELL, 4_000, 100)).orders[0].order_id for _ in range(TRIGGERS_MAX + 2)]
    follower = new_state(desk.state.rules)
    records = [traded_at(desk, 3_900)]
    fired = statuses(records[0])
    assert [fired[i] for i in ids] == [OrderStatus.CANCELLED] * TRIGGERS_MAX + [OrderStatus.TRIGGERED] * 2
    assert desk.state.holdings[ALICE, 0].held == 200
    found = statuses(desk.mint(BOB, SHARE))
    assert [found[i] for i in ids[-2:]] == [OrderStatus.CANCELLED] * 2
    assert desk.state.holdings[ALICE, 0].held == 0
    assert follower.stops.orders == {}


def test_records_bring_another_state_to_the_same(desk: Desk) -> None:
    follower = new_state(desk.state.rules)
    desk.state = new_state(desk.state.rules)

    def both(command: Any) -> None:
        effects = desk.do(command)
        record = json.loads(json.dumps(to_record(effects)))
        assert from_record(record) == effects
        apply_record(follower, record)
        assert digest(follower) == digest(desk.state)
        assert (follower.links, follower.stops.due) == (desk.state.links, desk.state.stops.due)

    for user in (ALICE, BOB, CAROL):
        desk.funds[user] = 1_000 * CREDIT
        both(desk.order(user, Side.BUY, 0, 1_000, SHARE))
    for command in (
        stop(desk, ALICE, Side.BUY, 6_000, SHARE, limit=6_500),
        stop(desk, BOB, Side.BUY, 6_000, None, cost_max=CREDIT),
        desk.order(CAROL, Side.BUY, 1, 3_500, 3 * SHARE),
        desk.order(CAROL, Side.BUY, 1, 3_900, SHARE),
        desk.order(BOB, Side.BUY, 0, 6_100, SHARE // 2),
    ):
        both(command)
    assert desk.state.stops.orders == {}
