"""What one accepted command does, gathered while it is done to the state.

Contract   Every method changes the state and notes the same change for ``Effects``, so both agree.
Invariant  Cash sums to zero over all parties. Shares change by the same amount in every outcome, and
           collateral by that amount times the payout.
"""

from dataclasses import replace

from common.money import PAYOUT_PER_LOT
from trading.engine.book import RestingOrder
from trading.engine.holds import hold_cash
from trading.engine.pricing import average_price, marginal_prices
from trading.engine.state import Holding, MarketState
from trading.types import COLLATERAL, MAKER, Command, Effects, Fill, LevelChange, OrderStatus, OrderView, Side


class Changes:
    """Collects the effects of one command on one state."""

    __slots__ = ("_levels", "_touched", "effects", "state")

    def __init__(self, state: MarketState, command: Command) -> None:
        self.state = state
        self.effects = Effects(command)
        self._touched: dict[int, tuple[RestingOrder, OrderStatus]] = {}
        self._levels: dict[tuple[int, Side, int], int] = {}

    def touch(self, order: RestingOrder, status: OrderStatus) -> None:
        """Report this order's view when the command is done."""
        self._touched[order.order_id] = (order, status)

    def pay(self, party: int, amount: int) -> None:
        cash = self.effects.cash
        cash[party] = cash.get(party, 0) + amount

    def hold(self, order: RestingOrder, cash: int, shares: int) -> None:
        """Set what the order reserves from now on; the difference moves between held and free."""
        if cash != order.hold_cash:
            held = self.effects.held
            held[order.user_id] = held.get(order.user_id, 0) + cash - order.hold_cash
            order.hold_cash = cash
        if shares != order.hold_shares:
            key = (order.user_id, order.spec.outcome)
            change = shares - order.hold_shares
            self.state.holdings[key].held += change
            self.effects.shares_held[key] = self.effects.shares_held.get(key, 0) + change
            order.hold_shares = shares

    def reserve(self, order: RestingOrder) -> None:
        """Hold what the remainder of a resting order may have to give; a reduce-only order reserves nothing."""
        spec, remaining = order.spec, order.remaining
        if spec.side is Side.BUY:
            self.hold(order, hold_cash(self.state.rules, spec.side, spec.price or 0, remaining), 0)
        else:
            self.hold(order, 0, 0 if spec.reduce_only else remaining)

    def give_shares(self, user_id: int, outcome: int, quantity: int) -> None:
        """Add shares to a trader, or take them when ``quantity`` is negative."""
        key = (user_id, outcome)
        shares, holdings = self.effects.shares, self.state.holdings
        shares[key] = shares.get(key, 0) + quantity
        holding = holdings.get(key)
        if holding is None:
            holding = holdings[key] = Holding()
        holding.quantity += quantity
        if holding.quantity == 0 and holding.held == 0:
            del holdings[key]

    def move_rule(self, outcome: int, lots: int, cost: int) -> None:
        """The maker rule sells ``lots`` for ``cost`` (or buys, both negative) and keeps its sets whole.

        Its shares are ``max(q) - q_i``, so it makes or unmakes as many sets as the maximum moves.
        """
        q = self.state.maker_quantities
        before, top = list(q), max(q)
        q[outcome] += lots
        sets = max(q) - top
        self.pay(MAKER, cost - sets * PAYOUT_PER_LOT)
        if sets:
            self.pay(COLLATERAL, sets * PAYOUT_PER_LOT)
        shares = self.effects.shares
        for index, (old, new) in enumerate(zip(before, q, strict=True)):
            if change := sets - (new - old):
                shares[MAKER, index] = shares.get((MAKER, index), 0) + change

    def change_level(self, order: RestingOrder, change: int) -> None:
        key = (order.outcome, order.side, order.price)
        self._levels[key] = self._levels.get(key, 0) + change

    def rest(self, order: RestingOrder) -> None:
        """Put an order into its book; it then holds what it may have to give."""
        self.state.add_order(order)
        self.change_level(order, order.remaining)
        self.touch(order, OrderStatus.OPEN)

    def rest_by_number(self, order: RestingOrder) -> None:
        """Put an order into its book at the place that its number gives it at its price."""
        later = self.state.later_orders(order)
        self.rest(order)
        self.state.books[order.outcome].side(order.side).move_behind(order.price, later)

    def cancel(self, order: RestingOrder) -> None:
        """Take a resting order out of its book, or a stop that waits, for good and free what it holds."""
        if order.order_id in self.state.stops.orders:
            self.state.drop_stop(order)
        else:
            self.change_level(order, -order.remaining)
            self.state.books[order.outcome].side(order.side).remove(order)
            self.state.drop_order(order)
        self.hold(order, 0, 0)
        self.touch(order, OrderStatus.CANCELLED)
        if self.state.links:
            self.cut_link(order)

    def cut_link(self, order: RestingOrder) -> None:
        """Cancel the other order of its pair, if it has one that is still there."""
        links = self.state.links
        other_id = links.pop(order.order_id, None)
        if other_id is None:
            return
        links.pop(other_id, None)
        other = self.state.open_order(other_id)
        if other is not None:
            self.cancel(other)

    def wait(self, order: RestingOrder) -> None:
        """Let a stop wait for its price."""
        self.state.add_stop(order)
        self.touch(order, OrderStatus.WAITING)

    def take_out(self, order: RestingOrder) -> None:
        """Take a resting order out of its book, to come back with other terms behind the others or to be done."""
        self.cancel(order)
        self.effects.reshaped[order.order_id] = True

    def shrink(self, order: RestingOrder, quantity: int) -> None:
        """Take ``quantity`` off what remains of a resting order, which keeps its place, or leaves with the last."""
        if quantity >= order.remaining:
            self.cancel(order)
            return
        self.change_level(order, -quantity)
        self.state.books[order.outcome].side(order.side).shrink(order, quantity)
        order.spec = replace(order.spec, quantity=order.quantity)
        self.reserve(order)
        self.touch(order, OrderStatus.OPEN)
        self.effects.reshaped.setdefault(order.order_id, False)

    def add_fill(self, fill: Fill) -> None:
        self.effects.fills.append(fill)
        self.state.last_prices[fill.outcome] = fill.price

    def join_fills(self, start: int) -> None:
        """Report the fills from ``start`` on, all with the maker rule, as one for each order."""
        fills = self.effects.fills
        joined: dict[int, Fill] = {}
        for fill in fills[start:]:
            first = joined.get(fill.taker_order_id)
            joined[fill.taker_order_id] = fill if first is None else _join(first, fill)
        del fills[start:]
        for fill in joined.values():
            self.add_fill(fill)

    def finish(self) -> Effects:
        """Number the change and hand over what happened."""
        state, effects = self.state, self.effects
        state.seq += 1
        state.maker_cash += effects.cash.get(MAKER, 0)
        effects.orders = [view_of(order, status) for order, status in self._touched.values()]
        effects.levels = [LevelChange(*level, change) for level, change in self._levels.items() if change]
        effects.maker_quantities = tuple(state.maker_quantities)
        effects.prices = marginal_prices(state)
        assert sum(effects.cash.values()) == 0, "credits are conserved"
        return effects


def _join(first: Fill, second: Fill) -> Fill:
    quantity, cost = first.quantity + second.quantity, first.cost + second.cost
    price, fee = average_price(cost, quantity), first.taker_fee + second.taker_fee
    return first._replace(price=price, quantity=quantity, cost=cost, taker_fee=fee)


def view_of(order: RestingOrder, status: OrderStatus) -> OrderView:
    return OrderView(
        order.order_id,
        order.user_id,
        order.spec,
        order.quantity,
        order.filled,
        order.cost,
        order.fee,
        order.hold_cash,
        order.hold_shares,
        status,
    )
