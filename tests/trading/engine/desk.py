"""A trading desk over one pure market: short words for commands, funds for the cast."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from trading.engine.apply import apply
from trading.engine.replay import digest
from trading.engine.state import MarketRules, new_state
from trading.types import (
    CancelOrder,
    Command,
    Effects,
    MergeSets,
    MintSets,
    OrderSpec,
    OrderType,
    PlaceOrder,
    Refusal,
    Side,
    TimeInForce,
)

ALICE, BOB, CAROL = 1, 2, 3
YES, NO = 0, 1
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
SHARE = 10_000
CREDIT = 10**8
BINARY = MarketRules(7, 2, True)


class Desk:
    def __init__(self, rules: MarketRules = BINARY, **changes: Any) -> None:
        self.state = new_state(replace(rules, **changes))
        self.funds = {ALICE: 1_000 * CREDIT, BOB: 1_000 * CREDIT, CAROL: 0}
        self.last_id = 0

    def apply(self, command: Command) -> Effects | Refusal:
        return apply(self.state, command, self.funds, NOW)

    def do(self, command: Command) -> Effects:
        result = self.apply(command)
        assert isinstance(result, Effects), result
        return result

    def refused(self, command: Command) -> Refusal:
        """The refusal of a command that has to change nothing at all."""
        before, funds = (digest(self.state), list(self.state.last_prices)), dict(self.funds)
        result = self.apply(command)
        assert isinstance(result, Refusal), result
        assert (digest(self.state), list(self.state.last_prices)) == before
        assert self.funds == funds
        return result

    def order(
        self,
        user_id: int,
        side: Side,
        outcome: int,
        limit: int | None,
        size: int | None,
        **changes: Any,
    ) -> PlaceOrder:
        """A limit order that rests, or a market order when there is no limit; ``changes`` to the spec."""
        self.last_id += 1
        kind = OrderType.LIMIT if limit else OrderType.MARKET
        spec = OrderSpec(7, outcome, side, kind, TimeInForce.GTC, limit, size)
        return PlaceOrder(user_id, replace(spec, **changes), f"c-{self.last_id}", b"", self.last_id)

    def buy(self, user_id: int, outcome: int, price: int | None, quantity: int | None, **changes: Any) -> Effects:
        return self.do(self.order(user_id, Side.BUY, outcome, price, quantity, **changes))

    def sell(self, user_id: int, outcome: int, price: int | None, quantity: int | None, **changes: Any) -> Effects:
        return self.do(self.order(user_id, Side.SELL, outcome, price, quantity, **changes))

    def mint(self, user_id: int, quantity: int) -> Effects:
        return self.do(MintSets(user_id, quantity))

    def merge(self, user_id: int, quantity: int) -> Effects:
        return self.do(MergeSets(user_id, quantity))

    def cancel(self, user_id: int, order_id: int) -> Effects:
        return self.do(CancelOrder(user_id, order_id))

    def shares(self, user_id: int) -> list[int]:
        holdings = self.state.holdings
        keys = [(user_id, outcome) for outcome in range(self.state.rules.outcomes)]
        return [holdings[key].quantity if key in holdings else 0 for key in keys]

    def bids(self, outcome: int = 0) -> list[tuple[int, int]]:
        return [(level.price, level.size) for level in self.state.books[outcome].bids.best_first()]

    def asks(self, outcome: int = 0) -> list[tuple[int, int]]:
        return [(level.price, level.size) for level in self.state.books[outcome].asks.best_first()]
