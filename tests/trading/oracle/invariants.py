"""What must hold of a market after every command, computed from the effects alone."""

from collections.abc import Container
from itertools import pairwise
from typing import TypeVar

from common.money import PAYOUT_PER_LOT
from trading.engine import lmsr
from trading.engine.state import MarketState
from trading.types import COLLATERAL, MAKER, AmendOrder, Effects, FillKind, OrderStatus, PlaceOrder, Side

#: Units by which the cost of one step varies with where its two roundings fall.
ROUNDING = 3
K = TypeVar("K")


def add(amounts: dict[K, int], changes: dict[K, int]) -> None:
    for key, change in changes.items():
        amounts[key] = amounts.get(key, 0) + change


class Books:
    """Cash, holds and shares as a bookkeeper adds them up from effects."""

    def __init__(self, state: MarketState, funds: dict[int, int]) -> None:
        self.state = state
        self.cash = dict(funds)
        self.cash[MAKER] = lmsr.subsidy(state.rules.liquidity, state.rules.outcomes)
        self.total = sum(self.cash.values())
        self.held: dict[int, int] = {}
        self.shares: dict[tuple[int, int], int] = {}
        self.shares_held: dict[tuple[int, int], int] = {}
        #: Of orders that an amend has sent to the back.
        self.places: dict[int, int] = {}

    def add(self, effects: Effects, *, is_swept_out: bool) -> None:
        add(self.cash, effects.cash)
        add(self.held, effects.held)
        add(self.shares, effects.shares)
        add(self.shares_held, effects.shares_held)
        if isinstance(effects.command, AmendOrder) and effects.reshaped.get(effects.command.order_id):
            self.places[effects.command.order_id] = effects.command.priority
        self.check(effects)
        self._check_reducing()
        if is_swept_out:
            self._check_rule()

    def check(self, effects: Effects) -> None:
        """Credits conserved; I3, I8, I9, I10, I11."""
        assert sum(effects.cash.values()) == 0
        assert sum(self.cash.values()) == self.total
        self._check_balances()
        self._check_complete_sets()
        self._check_books()
        check_fills(effects, self.places)

    def _check_balances(self) -> None:
        """I3: nothing negative, and what is held is what open orders hold."""
        assert all(0 <= held <= self.cash.get(user_id, 0) for user_id, held in self.held.items())
        assert all(amount >= 0 for amount in self.cash.values())
        assert all(0 <= held <= self.shares.get(key, 0) for key, held in self.shares_held.items())
        assert all(lots >= 0 for lots in self.shares.values())
        cash: dict[int, int] = {}
        shares: dict[tuple[int, int], int] = {}
        for order in [*self.state.orders.values(), *self.state.stops.orders.values()]:
            cash[order.user_id] = cash.get(order.user_id, 0) + order.hold_cash
            key = (order.user_id, order.spec.outcome)
            shares[key] = shares.get(key, 0) + order.hold_shares
        assert {k: v for k, v in cash.items() if v} == {k: v for k, v in self.held.items() if v}
        assert {k: v for k, v in shares.items() if v} == {k: v for k, v in self.shares_held.items() if v}

    def _check_reducing(self) -> None:
        """A reduce-only order reserves nothing and is for free shares only."""
        for order in self.state.orders.values():
            if order.spec.reduce_only:
                assert order.hold_shares == 0
                assert 0 < order.remaining <= self.state.free_shares(order.user_id, order.spec.outcome)

    def _check_complete_sets(self) -> None:
        """I10: as many shares of every outcome, and collateral is exactly their payout."""
        outstanding = [0] * self.state.rules.outcomes
        for (_, outcome), lots in self.shares.items():
            outstanding[outcome] += lots
        assert len(set(outstanding)) == 1
        assert self.cash.get(COLLATERAL, 0) == outstanding[0] * PAYOUT_PER_LOT
        q = self.state.maker_quantities
        assert all(self.shares.get((MAKER, i), 0) == max(q) - lots for i, lots in enumerate(q))

    def _check_books(self) -> None:
        """I8: no crossed or locked book; levels add up and are in time order."""
        found = 0
        for book in self.state.books:
            bid, ask = book.bids.best_price(), book.asks.best_price()
            assert bid is None or ask is None or bid < ask
            for side in (book.bids, book.asks):
                levels = list(side.best_first())
                assert all((a.price > b.price) is (side is book.bids) for a, b in pairwise(levels))
                for level in levels:
                    places = [self.places.get(order_id, order_id) for order_id in level.orders]
                    assert places == sorted(places)
                    assert level.size == sum(order.remaining for order in level.orders.values()) > 0
                    found += len(level.orders)
        assert found == len(self.state.orders)

    def _check_rule(self) -> None:
        """No order is left that the rule would fill by a step of the grid at the order's own price."""
        rules, q = self.state.rules, self.state.maker_quantities
        for outcome, book in enumerate(self.state.books if rules.liquidity else ()):
            for side, sign in ((book.bids, 1), (book.asks, -1)):
                level = next(side.best_first(), None)
                if level is None:
                    continue
                first = next(iter(level.orders.values()))
                lots = min(sign * lmsr.lots_to_price(q, rules.liquidity, outcome, level.price), first.remaining)
                lots -= lots % rules.lot
                # A few lots may be left when rounding made their cost worse than the price.
                cost = lmsr.cost_of(q, rules.liquidity, outcome, sign * lots) if lots > 0 else 0
                assert lots <= 0 or cost > sign * level.price * lots - ROUNDING


def check_fills(effects: Effects, amended: Container[int] = ()) -> None:
    """I9 and I11: within limits, what is filled and left is what was asked, nobody trades with themselves."""
    views = {view.order_id: view for view in effects.orders}
    for fill in effects.fills:
        assert fill.taker_user_id != fill.maker_user_id
        assert fill.quantity > 0
        assert (fill.kind is FillKind.RULE) == (fill.maker_order_id is None)
        assert fill.taker_fee >= 0
        assert fill.maker_fee >= 0
        if fill.maker_order_id is not None:
            assert fill.cost == fill.price * fill.quantity
            assert fill.maker_order_id in views
    for view in effects.orders:
        assert 0 <= view.filled <= view.quantity
        # Who only named a budget asked for what it bought; cancelled then means that some of it is left.
        if view.spec.quantity is not None or view.status is OrderStatus.FILLED:
            assert (view.filled == view.quantity) == (view.status is OrderStatus.FILLED)
        # An amended order has filled at its older prices, too.
        if view.spec.price is not None and view.filled and view.order_id not in amended:
            limit = view.spec.price * view.filled
            assert view.cost <= limit if view.spec.side is Side.BUY else view.cost >= limit
        if view.spec.cost_max is not None:
            assert view.cost + view.fee <= view.spec.cost_max
    if isinstance(effects.command, PlaceOrder):
        assert effects.orders[0].order_id == effects.command.order_id
