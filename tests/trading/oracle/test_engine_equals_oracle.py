"""The engine against the naive market, command by command: 54,000 random commands a run."""

import json
from collections.abc import Mapping
from typing import TypeVar

import pytest

from tests.trading.oracle.commands import FUNDS, NOW, CommandSource, rules_of
from tests.trading.oracle.invariants import Books
from tests.trading.oracle.naive_market import SWEEPS_MAX, NaiveMarket
from tests.trading.oracle.reference_rule import ReferenceRule
from trading.engine import lmsr
from trading.engine.apply import apply
from trading.engine.changes import view_of
from trading.engine.follow import apply_record
from trading.engine.journal import to_record
from trading.engine.replay import digest, restore
from trading.engine.state import MarketState, new_state
from trading.types import MAKER, Effects, LevelChange, OrderStatus, Refusal, Side

K = TypeVar("K")
CASES = 72
COMMANDS = 750


def naive_of(state: MarketState) -> NaiveMarket:
    rules = state.rules
    cash = {**FUNDS, MAKER: lmsr.subsidy(rules.liquidity, rules.outcomes)}
    return NaiveMarket(rules, ReferenceRule(rules.liquidity), cash, q=[0] * rules.outcomes)


@pytest.mark.parametrize("seed", range(CASES))
def test_engine_equals_oracle(seed: int) -> None:
    state, follower = new_state(rules_of(seed)), new_state(rules_of(seed))
    naive, books, source, funds = naive_of(state), Books(state, FUNDS), CommandSource(seed, state), dict(FUNDS)
    sizes: dict[tuple[int, Side, int], int] = {}
    for number in range(COMMANDS):
        state.is_open = naive.is_open = number % 100 < 97
        command = source.next()
        seq, before = state.seq, digest(state) if number % 10 == 0 else ""
        result = apply(state, command, funds, NOW)
        code = naive.execute(command, NOW)
        if isinstance(result, Refusal):
            assert result.code == code
            assert state.seq == seq
            assert not before or digest(state) == before
            continue
        assert code is None
        books.add(result, is_swept_out=naive.swept < SWEEPS_MAX)
        assert_equal(result, state, naive, books, funds)
        apply_record(follower, json.loads(json.dumps(to_record(result))))
        follow_levels(sizes, result.levels)
    assert digest(follower) == digest(restored(state, books.places)) == digest(state)
    assert sizes == sizes_of(state)


def restored(state: MarketState, places: Mapping[int, int]) -> MarketState:
    """The state as its tables would give it, in no particular order."""
    views = [view_of(order, OrderStatus.OPEN) for order in reversed(state.orders.values())]
    holdings = {key: (holding.quantity, holding.held) for key, holding in state.holdings.items()}
    return restore(state.rules, views, holdings, tuple(state.maker_quantities), state.seq, priorities=places)


def assert_equal(effects: Effects, state: MarketState, naive: NaiveMarket, books: Books, funds: dict[int, int]) -> None:
    fills = [tuple(fill) for fill in effects.fills]
    assert fills == naive.fills
    assert state.maker_quantities == naive.q
    assert nonzero(books.cash) == nonzero(naive.cash)
    assert nonzero(books.shares) == nonzero(naive.shares)
    assert nonzero(books.held) == nonzero({user_id: naive.held(user_id) for user_id in FUNDS})
    assert funds == {user_id: naive.available(user_id) for user_id in FUNDS}
    assert [
        (order.order_id, order.user_id, order.remaining, order.filled, order.cost, order.fee)
        for order in sorted(state.orders.values(), key=lambda order: order.order_id)
    ] == [
        (order.order_id, order.user_id, order.left, order.filled, order.cost, order.fee)
        for order in sorted(naive.orders, key=lambda order: order.order_id)
    ]


def nonzero(amounts: dict[K, int]) -> dict[K, int]:
    return {key: amount for key, amount in amounts.items() if amount}


def follow_levels(sizes: dict[tuple[int, Side, int], int], changes: list[LevelChange]) -> None:
    """A subscriber's book: only the signed changes of the feed."""
    for level in changes:
        key = (level.outcome, level.side, level.price)
        sizes[key] = sizes.get(key, 0) + level.change
        if not sizes[key]:
            del sizes[key]


def sizes_of(state: MarketState) -> dict[tuple[int, Side, int], int]:
    return {
        (outcome, name, level.price): level.size
        for outcome, book in enumerate(state.books)
        for name in Side
        for level in book.side(name).best_first()
    }
