"""A market sell by its proceeds: the fewest lots that bring so much, fees taken off."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.trading.engine.desk import ALICE, BOB, CREDIT, SHARE, YES, Desk
from trading.types import Effects, OrderStatus, OrderType, Side, TimeInForce

SELL, IOC = Side.SELL, TimeInForce.IOC


def desk_of(bids: list[tuple[int, int]], *, shares: int = 100, **rules: int) -> Desk:
    desk = Desk(**rules)
    desk.mint(ALICE, shares * SHARE)
    for price, size in bids:
        desk.buy(BOB, YES, price, size)
    return desk


@pytest.mark.parametrize(
    ("proceeds", "filled", "cost"),
    [
        (1, 1, 6_000),
        (6_000, 1, 6_000),
        (6_001, 2, 12_000),
        (6 * CREDIT // 10, SHARE, 6_000 * SHARE),
        (CREDIT, SHARE + SHARE * 4 // 5, CREDIT),
        (CREDIT + 1, SHARE + SHARE * 4 // 5 + 1, CREDIT + 5_000),
    ],
)
def test_as_few_as_bring_it_are_sold(proceeds: int, filled: int, cost: int) -> None:
    desk = desk_of([(6_000, SHARE), (5_000, SHARE)])
    view = desk.sell(ALICE, YES, None, None, time_in_force=IOC, proceeds_min=proceeds).orders[0]
    assert (view.status, view.quantity, view.filled, view.cost) == (OrderStatus.FILLED, filled, filled, cost)


def test_fees_are_taken_off_first() -> None:
    desk = desk_of([(5_000, 10 * SHARE)], taker_fee_bps=1_000)
    view = desk.sell(ALICE, YES, None, None, time_in_force=IOC, proceeds_min=CREDIT).orders[0]
    # A lot brings 5,000 units less a fee of 250, so 21,052.6 of them are needed.
    assert (view.filled, view.cost, view.fee) == (21_053, 105_265_000, 5_263_250)


@pytest.mark.parametrize(
    ("quantity", "proceeds", "brought"), [(None, 2 * CREDIT, "1.1"), (SHARE, 7 * CREDIT // 10, "0.6")]
)
def test_it_is_refused_when_all_that_may_be_sold_brings_less(quantity: int | None, proceeds: int, brought: str) -> None:
    desk = desk_of([(6_000, SHARE), (5_000, SHARE)])
    refusal = desk.refused(desk.order(ALICE, SELL, YES, None, quantity, time_in_force=IOC, proceeds_min=proceeds))
    assert (refusal.code, refusal.pointer) == ("order.proceeds_not_reached", "/min_proceeds")
    assert refusal.extra == {"proceeds": brought}


def test_no_more_than_the_free_shares_are_sold() -> None:
    desk = desk_of([(6_000, 10 * SHARE)], shares=2)
    desk.sell(ALICE, YES, 9_000, SHARE)
    refused = desk.order(ALICE, SELL, YES, None, None, time_in_force=IOC, proceeds_min=CREDIT)
    assert desk.refused(refused).extra == {"proceeds": "0.6"}
    assert desk.sell(ALICE, YES, None, None, time_in_force=IOC, proceeds_min=CREDIT // 2).orders[0].filled == 8_334


def test_the_price_of_a_market_order_protects_it() -> None:
    desk = desk_of([(6_000, SHARE), (5_000, SHARE)])
    order = desk.order(ALICE, SELL, YES, None, None, time_in_force=IOC, proceeds_min=CREDIT, price=6_000)
    assert desk.refused(order).code == "order.proceeds_not_reached"


@pytest.mark.parametrize(
    "changes",
    [
        {"side": Side.BUY},
        {"type": OrderType.LIMIT, "price": 5_000, "quantity": SHARE},
        {"proceeds_min": 0},
        {"proceeds_min": 10**18 + 1},
    ],
)
def test_it_goes_with_a_market_sell_only(changes: dict[str, object]) -> None:
    desk = desk_of([(6_000, SHARE)])
    order = desk.order(ALICE, SELL, YES, None, None, time_in_force=IOC, proceeds_min=CREDIT)
    refusal = desk.refused(replace(order, spec=replace(order.spec, **changes)))
    assert (refusal.code, refusal.pointer) == ("order.proceeds_min_invalid", "/min_proceeds")


@settings(max_examples=60, deadline=None)
@given(
    bids=st.lists(st.tuples(st.integers(1, 9_999), st.integers(1, 50).map(lambda n: n * 100)), max_size=6),
    liquidity=st.sampled_from([0, 10_000, 1_000_000]),
    fee=st.sampled_from([0, 300, 10_000]),
    proceeds=st.integers(1, 10**9),
)
def test_one_lot_less_would_not_have_been_enough(
    bids: list[tuple[int, int]], liquidity: int, fee: int, proceeds: int
) -> None:
    def sold(**amount: int | None) -> Effects | None:
        desk = desk_of(bids, liquidity=liquidity, taker_fee_bps=fee, lot=100)
        order = desk.order(ALICE, SELL, YES, None, amount.pop("quantity", None), time_in_force=IOC, **amount)
        result = desk.apply(order)
        return result if isinstance(result, Effects) else None

    effects = sold(proceeds_min=proceeds)
    if effects is None:
        everything = sold(quantity=100 * SHARE)
        assert everything is None or everything.orders[0].cost - everything.orders[0].fee < proceeds
        return
    view = effects.orders[0]
    assert view.cost - view.fee >= proceeds
    same = sold(quantity=view.filled)
    assert same is not None
    assert (same.orders[0].cost, same.orders[0].fee) == (view.cost, view.fee)
    less = sold(quantity=view.filled - 100) if view.filled > 100 else None
    assert less is None or less.orders[0].cost - less.orders[0].fee < proceeds
