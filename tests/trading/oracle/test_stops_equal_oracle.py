"""Stops and pairs against the naive market, and that nobody is ever overdrawn by one."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.trading.oracle.commands import NOW
from tests.trading.oracle.invariants import Books
from tests.trading.oracle.naive_stops import NaiveStops
from tests.trading.oracle.reference_rule import ReferenceRule
from tests.trading.oracle.test_engine_equals_oracle import nonzero
from trading.engine import lmsr
from trading.engine.apply import apply
from trading.engine.changes import view_of
from trading.engine.follow import apply_record
from trading.engine.journal import to_record
from trading.engine.replay import digest, restore
from trading.engine.state import MarketRules, MarketState, new_state
from trading.types import (
    MAKER,
    CancelOrder,
    Command,
    MintSets,
    OrderSpec,
    OrderStatus,
    OrderType,
    PlaceOrder,
    PlacePair,
    Refusal,
    SelfTradePolicy,
    Side,
    Ties,
    TimeInForce,
)

MARKETS = st.sampled_from(
    [
        MarketRules(1, 2, True),
        MarketRules(1, 2, True, liquidity=200_000, taker_fee_bps=700, maker_fee_bps=300),
        MarketRules(1, 2, True, taker_fee_bps=10_000, maker_fee_bps=10_000),
        MarketRules(1, 3, False, liquidity=200_000, taker_fee_bps=300),
        MarketRules(1, 3, False, taker_fee_bps=35, maker_fee_bps=700, tick=100, lot=100),
    ]
)
FUNDS = {1: 10**9, 2: 10**9, 3: 10**8}
PRICES = st.sampled_from([1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 9_900])
SIDES = st.sampled_from(list(Side))


@st.composite
def specs(draw: Any, kinds: tuple[OrderType, ...]) -> OrderSpec:
    kind, side = draw(st.sampled_from(kinds)), draw(SIDES)
    is_stop = kind in (OrderType.STOP, OrderType.STOP_LIMIT)
    price = draw(PRICES) if kind in (OrderType.LIMIT, OrderType.STOP_LIMIT) else None
    has_budget = kind is OrderType.STOP and side is Side.BUY and draw(st.booleans())
    budget = draw(st.integers(1, 40)) * 10**6 if has_budget else None
    return OrderSpec(
        1, draw(st.integers(0, 2)), side, kind,
        TimeInForce.IOC if kind is OrderType.MARKET else TimeInForce.GTC,
        price, None if has_budget else draw(st.integers(1, 60)) * 100, budget,
        self_trade_policy=draw(st.sampled_from(list(SelfTradePolicy))),
        ties=Ties(draw(PRICES)) if is_stop else None,
    )  # fmt: skip


PLAIN = specs((OrderType.LIMIT, OrderType.LIMIT, OrderType.MARKET))
STOP = specs((OrderType.STOP, OrderType.STOP_LIMIT))
USERS = st.integers(1, 3)
STEPS = st.one_of(
    st.tuples(st.just("place"), USERS, PLAIN, st.none()),
    st.tuples(st.just("place"), USERS, PLAIN, st.none()),
    st.tuples(st.just("place"), USERS, STOP, st.none()),
    st.tuples(st.just("pair"), USERS, specs((OrderType.LIMIT, OrderType.STOP)), STOP),
    st.tuples(st.just("mint"), USERS, st.integers(1, 40), st.none()),
    st.tuples(st.just("cancel"), USERS, st.integers(1, 40), st.none()),
)


def command_of(step: tuple[str, int, Any, Any], number: int, rules: MarketRules) -> Command:
    kind, user_id, first, second = step
    if kind == "mint":
        return MintSets(user_id, first * 100)
    if kind == "cancel":
        return CancelOrder(user_id, first)
    first = replace(first, outcome=first.outcome % rules.outcomes)
    if kind == "place":
        return PlaceOrder(user_id, first, "", b"", number)
    return PlacePair(
        user_id, first, replace(second, outcome=second.outcome % rules.outcomes), "", b"", (number, number + 1)
    )


def restored_with_stops(state: MarketState) -> MarketState:
    views = [view_of(order, OrderStatus.OPEN) for order in state.orders.values()]
    views += [view_of(order, state.stops.status_of(i)) for i, order in state.stops.orders.items()]
    holdings = {key: (holding.quantity, holding.held) for key, holding in state.holdings.items()}
    return restore(state.rules, views, holdings, tuple(state.maker_quantities), state.seq)


def is_asked_of_naive(command: Command) -> bool:
    """Refusals of stops and pairs have a table of their own; here only accepted ones go on."""
    return isinstance(command, PlacePair) or (isinstance(command, PlaceOrder) and command.spec.ties is not None)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(MARKETS, st.lists(STEPS, min_size=8, max_size=40))
def test_stops_equal_the_oracle(rules: MarketRules, steps: list[tuple[str, int, Any, Any]]) -> None:
    state, follower, funds = new_state(rules), new_state(rules), dict(FUNDS)
    cash = {**FUNDS, MAKER: lmsr.subsidy(rules.liquidity, rules.outcomes)}
    naive = NaiveStops(rules, ReferenceRule(rules.liquidity), cash, q=[0] * rules.outcomes)
    books = Books(state, FUNDS)
    for number, step in enumerate(steps):
        command = command_of(step, 2 * number + 1, rules)
        result = apply(state, command, funds, NOW)
        if isinstance(result, Refusal):
            assert is_asked_of_naive(command) or naive.execute(command, NOW) == result.code
            continue
        assert naive.execute(command, NOW) is None
        books.add(result, is_swept_out=True)
        assert [tuple(fill) for fill in result.fills] == naive.fills
        assert nonzero(books.cash) == nonzero(naive.cash)
        assert nonzero(books.shares) == nonzero(naive.shares)
        assert nonzero(books.held) == nonzero({user_id: naive.held(user_id) for user_id in FUNDS})
        assert funds == {user_id: naive.available(user_id) for user_id in FUNDS}
        assert min(funds.values()) >= 0, "nobody is overdrawn"
        assert sorted(state.orders) == sorted(order.order_id for order in naive.orders)
        assert sorted(state.stops.orders) == sorted(order.order_id for order in naive.waiting)
        for (user_id, outcome), holding in state.holdings.items():
            assert holding.held == naive.shares_held(user_id, outcome) <= holding.quantity
        apply_record(follower, json.loads(json.dumps(to_record(result))))
        assert digest(follower) == digest(state)
    assert digest(restored_with_stops(state)) == digest(state)
