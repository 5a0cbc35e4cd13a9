"""Stops and pairs on top of the naive market: lists that are looked through after every single trade."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from math import ceil

from tests.trading.oracle.naive_market import ONE, NaiveMarket, NaiveOrder, per_share_fee
from trading.types import CancelOrder, Command, OrderType, PlaceOrder, PlacePair, Side, TimeInForce


@dataclass
class NaiveStops(NaiveMarket):
    """``waiting`` have no price to rest at; ``pairs`` are numbers of orders of which one ends the other."""

    waiting: list[NaiveOrder] = field(default_factory=list)
    pairs: list[tuple[int, int]] = field(default_factory=list)

    # --- what is held: of a pair only what the dearer one needs

    def alive(self, user_id: int) -> list[list[NaiveOrder]]:
        own = {order.order_id: order for order in [*self.orders, *self.waiting] if order.user_id == user_id}
        own = {order_id: order for order_id, order in own.items() if order.is_open and order.left}
        groups = [[own.pop(a), own.pop(b)] for a, b in self.pairs if a in own and b in own]
        return groups + [[order] for order in own.values()]

    def held(self, user_id: int) -> int:
        return sum(max(self.cash_needed(order) for order in group) for group in self.alive(user_id))

    def shares_held(self, user_id: int, outcome: int) -> int:
        return sum(
            max(order.left if order.spec.side is Side.SELL and order.spec.outcome == outcome else 0 for order in group)
            for group in self.alive(user_id)
        )

    def cash_needed(self, order: NaiveOrder) -> int:
        spec = order.spec
        if spec.side is Side.SELL:
            return 0
        if order not in self.waiting:
            return self.hold_cash(order)
        if spec.cost_max is not None:
            return spec.cost_max
        price = spec.price or 9_999
        bps = max(self.rules.taker_fee_bps, self.rules.maker_fee_bps)
        fee = ceil(per_share_fee(bps, Fraction(price, ONE)) * order.left)
        return price * order.left + fee + (1 if fee else 0)

    # --- commands

    def execute(self, command: Command, now: datetime) -> str | None:
        before = list(self.waiting), list(self.pairs)
        if isinstance(command, PlacePair) or (isinstance(command, PlaceOrder) and command.spec.ties):
            self.fills = []
            self.wait_for(command)
        elif isinstance(command, CancelOrder) and (command.user_id, command.order_id) in [
            (order.user_id, order.order_id) for order in self.waiting
        ]:
            self.fills = []
            self.waiting = [order for order in self.waiting if order.order_id != command.order_id]
        elif (code := super().execute(command, now)) is not None:
            self.waiting, self.pairs = before
            return code
        self.cut_pairs()
        self.fire()
        return None

    def wait_for(self, command: PlacePair | PlaceOrder) -> None:
        """The engine has taken it; whether it should is the table's to test."""
        if isinstance(command, PlacePair):
            asked = list(zip(command.order_ids, (command.first, command.second), strict=True))
            self.pairs.append(command.order_ids)
        else:
            asked = [(command.order_id, command.spec)]
        for order_id, spec in asked:
            order = NaiveOrder(order_id, command.user_id, spec, spec.quantity or 0, place=order_id)
            if spec.cost_max is not None:
                order.left = 10**13 // self.rules.lot * self.rules.lot
            (self.waiting if spec.ties else self.orders).append(order)

    # --- pairs

    def _settle(self, order: NaiveOrder, size: int, cost: int, fee: int) -> None:
        super()._settle(order, size, cost, fee)
        for pair in [pair for pair in self.pairs if order.order_id in pair]:
            self.pairs.remove(pair)
            self.end(sum(pair) - order.order_id)

    def end(self, order_id: int) -> None:
        for order in self.orders:
            order.is_open &= order.order_id != order_id
        self.waiting = [order for order in self.waiting if order.order_id != order_id]

    def cut_pairs(self) -> None:
        there = {o.order_id for o in [*self.orders, *self.waiting] if o.is_open and o.left}
        for pair in [pair for pair in self.pairs if not there.issuperset(pair)]:
            self.pairs.remove(pair)
            for order_id in pair:
                self.end(order_id)
        self.orders = [order for order in self.orders if order.is_open and order.left]

    # --- firing

    def fire(self) -> None:
        due: set[int] = set()
        seen = 0
        while True:
            for fill in self.fills[seen:]:
                due |= {order.order_id for order in self.waiting if self.is_reached(order, fill[1], fill[3])}
            seen = len(self.fills)
            ready = sorted((o for o in self.waiting if o.order_id in due), key=lambda o: o.order_id)
            if not ready:
                return
            self.run(ready[0])
            self.cut_pairs()
            if self.rules.liquidity and not self.rules.is_binary:
                self._sweep()
                self.cut_pairs()

    def is_reached(self, order: NaiveOrder, outcome: int, price: int) -> bool:
        """In the words of the one who asked: a buy at its trigger or above, a sell at it or below."""
        spec = order.spec
        assert spec.ties is not None
        assert spec.ties.trigger_price is not None
        if outcome != (0 if self.rules.is_binary else spec.outcome):
            return False
        own = ONE - price if self._is_mirrored(order) else price
        return own >= spec.ties.trigger_price if spec.side is Side.BUY else own <= spec.ties.trigger_price

    def run(self, order: NaiveOrder) -> None:
        kind = OrderType.LIMIT if order.spec.type is OrderType.STOP_LIMIT else OrderType.MARKET
        self.waiting.remove(order)
        self.cut_pairs()
        before = self.cash[order.user_id], self.held(order.user_id)
        asked = order.spec
        order.spec = replace(asked, type=kind, time_in_force=TimeInForce.GTC)
        stopped = self._walk(order)
        self.orders = [o for o in self.orders if o.is_open and o.left]
        if kind is OrderType.LIMIT and order.left and not stopped:
            self.orders.append(order)
        assert self.cash[order.user_id] >= 0, before
        assert self.available(order.user_id) >= 0, before
