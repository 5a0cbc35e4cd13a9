"""The stand-alone replay against the engine: every record of random commands holds, and the states are equal."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from scripts.replay_journal import Replay
from tests.trading.oracle.commands import FUNDS, NOW, CommandSource, rules_of
from trading.engine.apply import apply
from trading.engine.journal import to_record
from trading.engine.lmsr import subsidy
from trading.engine.replay import digest
from trading.engine.state import MarketState, new_state
from trading.types import (
    AddLiquidity,
    AmendOrder,
    Command,
    ConvertNo,
    OrderType,
    PlaceOrder,
    PlacePair,
    Refusal,
    Side,
    Ties,
    TimeInForce,
    WithdrawLiquidity,
)

COMMANDS = 250


class Everything:
    """Random commands of every kind; ``plain`` leaves only those that the script decides itself."""

    def __init__(self, seed: int, state: MarketState, *, plain: bool) -> None:
        self.source, self.state, self.plain = CommandSource(seed, state, plain=plain), state, plain
        self.chance = random.Random(seed + 1)

    def next(self) -> Command:
        command, kind = self.source.next(), self.chance.random()
        if self.plain or kind < 0.4:
            return command
        user_id, lot = command.user_id, self.state.rules.lot
        size = max(self.chance.randrange(1, 300_000) // lot, 1) * lot
        if kind < 0.45:
            return self.chance.choice((AddLiquidity, WithdrawLiquidity))(user_id, size)
        if kind < 0.5:
            return ConvertNo(user_id, tuple({self.chance.randrange(self.state.rules.outcomes) for _ in range(2)}), size)
        if kind < 0.65:
            return self._amend(user_id, size)
        return self._special(command, size) if isinstance(command, PlaceOrder) else command

    def _amend(self, user_id: int, size: int) -> Command:
        orders = list(self.state.orders.values())
        if not orders:
            return self.source.next()
        order, price = self.chance.choice(orders), None
        self.source.order_id += 1
        if self.chance.random() < 0.5:
            price = min(max((order.spec.price or 0) + self.chance.choice((-100, 0, 100)), 100), 9_900)
        quantity = size + order.filled if price is None or self.chance.random() < 0.5 else None
        decrease = None
        if self.chance.random() < 0.2:
            price, quantity, decrease = None, None, size
        return AmendOrder(order.user_id, order.order_id, price, quantity, decrease, "", b"", self.source.order_id)

    def _special(self, command: PlaceOrder, size: int) -> Command:
        spec, kind = command.spec, self.chance.random()
        trigger = self.chance.randrange(2, 99) * 100
        if kind < 0.3:
            stop = self.chance.choice((OrderType.STOP, OrderType.STOP_LIMIT))
            price = None if stop is OrderType.STOP else trigger
            spec = replace(
                spec, type=stop, time_in_force=TimeInForce.GTC, price=price, ties=Ties(trigger_price=trigger),
                post_only=False, valid_until=None, cost_max=None, quantity=size,
            )  # fmt: skip
        elif kind < 0.6:
            spec = replace(spec, side=Side.SELL, reduce_only=True, cost_max=None, quantity=spec.quantity or size)
        elif kind < 0.7:
            spec = replace(
                spec, side=Side.SELL, type=OrderType.MARKET, time_in_force=TimeInForce.IOC, price=None, quantity=None,
                cost_max=None, proceeds_min=size * 100,
            )  # fmt: skip
        elif kind < 0.9:
            return self._pair(command, size, trigger)
        return replace(command, spec=spec)

    def _pair(self, command: PlaceOrder, size: int, trigger: int) -> Command:
        first = replace(
            command.spec, type=OrderType.LIMIT, time_in_force=TimeInForce.GTC, price=trigger, quantity=size,
            cost_max=None, post_only=False, valid_until=None,
        )  # fmt: skip
        other = min(max(trigger + (400 if first.side is Side.BUY else -400), 100), 9_900)
        second = replace(first, type=OrderType.STOP_LIMIT, price=other, ties=Ties(trigger_price=other))
        self.source.order_id += 2
        ids = (self.source.order_id - 1, self.source.order_id)
        return PlacePair(command.user_id, first, second, command.client_order_id, b"\x01", ids)


def rules_for_script(rules: Any) -> dict[str, Any]:
    return {
        "market_id": rules.market_id, "kind": "binary" if rules.is_binary else "categorical",
        "outcomes": rules.outcomes, "liquidity": rules.liquidity, "taker_fee_bps": rules.taker_fee_bps,
        "maker_fee_bps": rules.maker_fee_bps, "tick": rules.tick, "lot": rules.lot,
    }  # fmt: skip


def replayed(seed: int, *, plain: bool) -> tuple[MarketState, Replay, set[str]]:
    rules = rules_of(seed)
    state, replay, funds = new_state(rules), Replay(rules_for_script(rules)), dict(FUNDS)
    state.seq, state.maker_cash = 2, subsidy(rules.liquidity, rules.outcomes)
    for seq, kind in enumerate(("created", "opened"), start=1):
        replay.take({"seq": seq, "kind": kind, "at": "2026-01-01T00:00:00Z", "actor_id": None, "data": {}})
    source, kinds = Everything(seed, state, plain=plain), set[str]()
    for _ in range(COMMANDS):
        effects = apply(state, source.next(), funds, NOW)
        if not isinstance(effects, Refusal):
            data = json.loads(json.dumps(to_record(effects)))
            kinds.add(data["c"][0])
            replay.take({"seq": state.seq, "kind": "", "at": "2026-01-01T00:00:00Z", "actor_id": 1, "data": data})
    return state, replay, kinds


@pytest.mark.parametrize("seed", range(16))
def test_plain_commands_are_matched_again(seed: int) -> None:
    state, replay, _ = replayed(seed, plain=True)
    assert replay.mistakes == []
    assert replay.digest() == digest(state)
    assert replay.decided > 20


def test_everything_else_is_conserved_and_ends_equal() -> None:
    seen: set[str] = set()
    for seed in range(46):
        state, replay, kinds = replayed(seed, plain=False)
        assert (seed, replay.mistakes) == (seed, [])
        assert (seed, replay.digest()) == (seed, digest(state))
        seen |= kinds
    assert seen == {"place", "cancel", "mint", "merge", "amend", "pair", "convert", "add", "withdraw"}
