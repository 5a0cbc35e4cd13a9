"""Resting orders of one outcome, best price first, then earliest order.

Contract   Prices are booked ticks, 1..9,999. Orders at one price stand in the order in which they were added:
           by id, and those that were amended by when that was. A level that empties is dropped at once.
Invariant  ``level.size`` is the sum of what remains of its orders.
Bound      At most 9,999 levels a side: best price O(1), new or dropped level O(log levels) plus a
           short memory move, add, fill and cancel of an order O(1).
"""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from trading.types import OrderSpec, Side


@dataclass(slots=True)
class RestingOrder:
    """An order in a book. ``side`` and ``price`` are booked; ``spec`` keeps what was asked."""

    order_id: int
    user_id: int
    outcome: int
    side: Side
    price: int
    quantity: int
    filled: int
    cost: int
    fee: int
    hold_cash: int
    hold_shares: int
    spec: OrderSpec

    @property
    def remaining(self) -> int:
        return self.quantity - self.filled


@dataclass(slots=True)
class Level:
    """Everything resting at one price, earliest first."""

    price: int
    size: int = 0
    # Ordered, because the first entry of a plain dict is found in O(entries deleted before it).
    orders: OrderedDict[int, RestingOrder] = field(default_factory=OrderedDict)


class BookSide:
    """One side of a book. ``keys`` ascend and the best is last: the price of bids, minus that of asks."""

    __slots__ = ("_keys", "levels", "sign")

    def __init__(self, side: Side) -> None:
        self.sign = 1 if side is Side.BUY else -1
        self.levels: dict[int, Level] = {}
        self._keys: list[int] = []

    def best_price(self) -> int | None:
        return self._keys[-1] * self.sign if self._keys else None

    def best_first(self) -> Iterator[Level]:
        """Levels from the best price on; the side must not change meanwhile."""
        sign, levels = self.sign, self.levels
        for key in reversed(self._keys):
            yield levels[key * sign]

    def orders(self) -> Iterator[RestingOrder]:
        """In the order in which takers meet them; the side must not change meanwhile."""
        return chain.from_iterable(level.orders.values() for level in self.best_first())

    def first_owners(self, count: int) -> set[int]:
        """Whose the first ``count`` orders are."""
        owners: set[int] = set()
        for key in reversed(self._keys):
            for order in self.levels[key * self.sign].orders.values():
                owners.add(order.user_id)
                count -= 1
                if count <= 0:
                    return owners
        return owners

    def add(self, order: RestingOrder) -> None:
        level = self.levels.get(order.price)
        if level is None:
            level = self.levels[order.price] = Level(order.price)
            insort(self._keys, order.price * self.sign)
        level.orders[order.order_id] = order
        level.size += order.quantity - order.filled

    def reduce(self, order: RestingOrder, quantity: int) -> None:
        """Fill ``quantity`` of a resting order, which leaves when nothing remains."""
        order.filled += quantity
        level = self.levels[order.price]
        level.size -= quantity
        if order.filled == order.quantity:
            self._drop(level, order)

    def move_behind(self, price: int, order_ids: list[int]) -> None:
        """Send orders of one level behind the others, in the order given."""
        for order_id in order_ids:
            self.levels[price].orders.move_to_end(order_id)

    def shrink(self, order: RestingOrder, quantity: int) -> None:
        """Take off what hasn't been filled; less than remains."""
        order.quantity -= quantity
        self.levels[order.price].size -= quantity

    def remove(self, order: RestingOrder) -> None:
        level = self.levels[order.price]
        level.size -= order.quantity - order.filled
        self._drop(level, order)

    def _drop(self, level: Level, order: RestingOrder) -> None:
        del level.orders[order.order_id]
        if not level.orders:
            del self.levels[level.price]
            del self._keys[bisect_left(self._keys, level.price * self.sign)]


class Book:
    """Bids and asks of one outcome."""

    __slots__ = ("asks", "bids")

    def __init__(self) -> None:
        self.bids = BookSide(Side.BUY)
        self.asks = BookSide(Side.SELL)

    def side(self, side: Side) -> BookSide:
        return self.bids if side is Side.BUY else self.asks

    def nearest_owners(self, count: int) -> set[int]:
        """Whose orders the next takers meet: of the first ``count`` orders of either side."""
        return self.bids.first_owners(count) | self.asks.first_owners(count)
