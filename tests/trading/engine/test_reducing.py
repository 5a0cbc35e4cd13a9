"""Reduce-only orders follow the free shares of their trader, and never sell more."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trading.engine.desk import ALICE, BOB, NO, SHARE, YES, Desk
from trading.types import AmendOrder, CancelOrder, Command, MergeSets, MintSets, OrderStatus, Refusal, Side


def holder(shares: int = 10) -> Desk:
    desk = Desk()
    desk.mint(ALICE, shares * SHARE)
    return desk


def test_it_reserves_nothing_so_that_two_may_be_out_for_the_same_shares() -> None:
    desk = holder()
    for price in (6_000, 7_000):
        view = desk.sell(ALICE, YES, price, 10 * SHARE, reduce_only=True).orders[0]
        assert (view.status, view.hold_shares) == (OrderStatus.OPEN, 0)
    assert desk.asks() == [(6_000, 10 * SHARE), (7_000, 10 * SHARE)]


def test_when_one_fills_the_other_is_cut_and_at_last_cancelled() -> None:
    desk = holder()
    desk.sell(ALICE, YES, 6_000, 10 * SHARE, reduce_only=True)
    desk.sell(ALICE, YES, 7_000, 8 * SHARE, reduce_only=True)
    effects = desk.buy(BOB, YES, 6_000, 4 * SHARE)
    assert [(v.order_id, v.quantity, v.remaining) for v in effects.orders[1:]] == [
        (1, 10 * SHARE, 6 * SHARE),
        (2, 6 * SHARE, 6 * SHARE),
    ]
    effects = desk.buy(BOB, YES, 6_000, 6 * SHARE)
    assert [(v.order_id, v.status) for v in effects.orders[1:]] == [
        (1, OrderStatus.FILLED),
        (2, OrderStatus.CANCELLED),
    ]
    assert desk.shares(ALICE) == [0, 10 * SHARE]
    assert desk.asks() == []


def test_one_pass_takes_no_more_than_there_is_from_several_of_them() -> None:
    desk = holder()
    desk.sell(ALICE, YES, 6_000, 10 * SHARE, reduce_only=True)
    desk.sell(ALICE, YES, 6_500, 10 * SHARE, reduce_only=True)
    desk.mint(BOB, 5 * SHARE)
    desk.sell(BOB, YES, 7_000, 5 * SHARE)
    desk.funds[3] = desk.funds[BOB]
    effects = desk.buy(3, YES, 7_000, 12 * SHARE)
    assert [(fill.price, fill.quantity) for fill in effects.fills] == [(6_000, 10 * SHARE), (7_000, 2 * SHARE)]
    assert {v.order_id: v.status for v in effects.orders}[2] is OrderStatus.CANCELLED


def test_sales_reservations_and_merges_cut_it() -> None:
    desk = holder()
    desk.sell(ALICE, YES, 6_000, 10 * SHARE, reduce_only=True)
    desk.sell(ALICE, YES, 9_000, 3 * SHARE)
    assert desk.asks() == [(6_000, 7 * SHARE), (9_000, 3 * SHARE)]
    desk.merge(ALICE, 2 * SHARE)
    assert desk.asks() == [(6_000, 5 * SHARE), (9_000, 3 * SHARE)]
    desk.buy(BOB, YES, 4_000, SHARE)
    desk.sell(ALICE, YES, 4_000, SHARE)
    assert desk.asks() == [(6_000, 4 * SHARE), (9_000, 3 * SHARE)]
    # What was cut doesn't come back.
    desk.cancel(ALICE, 2)
    assert desk.asks() == [(6_000, 4 * SHARE)]


def test_a_new_one_is_cut_to_the_free_shares_and_refused_without_any() -> None:
    desk = holder()
    view = desk.sell(ALICE, YES, 6_000, 25 * SHARE, reduce_only=True).orders[0]
    assert (view.quantity, view.spec.quantity, view.remaining) == (10 * SHARE, 10 * SHARE, 10 * SHARE)
    refusal = desk.refused(desk.order(BOB, Side.SELL, YES, 6_000, SHARE, reduce_only=True))
    assert (refusal.code, refusal.pointer) == ("order.insufficient_shares", "/quantity")
    refusal = desk.refused(desk.order(BOB, Side.BUY, YES, 6_000, SHARE, reduce_only=True))
    assert (refusal.code, refusal.pointer) == ("order.reduce_only_invalid", "/reduce_only")


def test_an_amend_cannot_make_it_larger_than_the_position() -> None:
    desk = holder()
    desk.sell(ALICE, YES, 6_000, 5 * SHARE, reduce_only=True)
    assert desk.do(AmendOrder(ALICE, 1, quantity=50 * SHARE, priority=9)).orders[0].quantity == 10 * SHARE
    assert desk.refused(AmendOrder(ALICE, 1, quantity=60 * SHARE, priority=9)).code == "order.amend_invalid"


PRICES = st.integers(1, 19).map(lambda step: step * 500)
SIZES = st.integers(1, 12).map(lambda shares: shares * SHARE)
USERS = st.sampled_from([ALICE, BOB])
OUTCOMES = st.sampled_from([YES, NO])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), USERS, OUTCOMES, PRICES, SIZES, st.booleans()),
        st.tuples(st.just("buy"), USERS, OUTCOMES, PRICES, SIZES),
        st.tuples(st.sampled_from(["mint", "merge"]), USERS, SIZES),
        st.tuples(st.just("cancel"), USERS, st.integers(1, 30)),
        st.tuples(st.just("amend"), USERS, st.integers(1, 30), PRICES, SIZES),
    ),
    max_size=30,
)


def command_of(desk: Desk, step: tuple[object, ...]) -> Command:
    match step:
        case ("sell", int(user), int(outcome), int(price), int(size), bool(reduces)):
            return desk.order(user, Side.SELL, outcome, price, size, reduce_only=reduces)
        case ("buy", int(user), int(outcome), int(price), int(size)):
            return desk.order(user, Side.BUY, outcome, price, size)
        case ("mint", int(user), int(size)):
            return MintSets(user, size)
        case ("merge", int(user), int(size)):
            return MergeSets(user, size)
        case ("cancel", int(user), int(order_id)):
            return CancelOrder(user, order_id)
        case ("amend", int(user), int(order_id), int(price), int(size)):
            desk.last_id += 1
            return AmendOrder(user, order_id, price=price, quantity=size, priority=desk.last_id)
    raise AssertionError(step)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_it_never_is_for_more_than_the_free_shares_nor_enlarges_a_position(steps: list[tuple[object, ...]]) -> None:
    desk = holder()
    for step in steps:
        before = {order.order_id: order.remaining for order in desk.state.orders.values() if order.spec.reduce_only}
        effects = desk.apply(command_of(desk, step))
        if isinstance(effects, Refusal):
            continue
        for order in desk.state.orders.values():
            if order.spec.reduce_only:
                assert 0 < order.remaining <= desk.state.free_shares(order.user_id, order.spec.outcome)
        for view in effects.orders:
            if view.order_id in before and not isinstance(effects.command, AmendOrder):
                assert view.remaining < before[view.order_id]
        assert all(holding.quantity >= holding.held >= 0 for holding in desk.state.holdings.values())
