"""Stops that wait for the price of a trade.

Contract   Prices are booked ticks. A rising stop (booked buy) fires at a trade at its trigger or above, a falling one
           (booked sell) at its trigger or below. What has fired is ``due`` until its turn comes, earliest order first.
Bound      Adding and removing costs O(log stops) plus a short memory move; a trade costs what it fires.
"""

from bisect import bisect_left, insort
from heapq import heappush

from trading.engine.book import RestingOrder
from trading.types import OrderStatus, Side

#: Trigger (negative for falling stops, so that the nearest is first) and order id.
_Key = tuple[int, int]


class Stops:
    """The waiting stops of a market; ``orders`` by id has those that are due, too."""

    __slots__ = ("_keys", "_lists", "due", "orders")

    def __init__(self) -> None:
        self.orders: dict[int, RestingOrder] = {}
        self.due: list[int] = []
        self._lists: dict[tuple[int, Side], list[_Key]] = {}
        self._keys: dict[int, tuple[tuple[int, Side], _Key]] = {}

    def add(self, order: RestingOrder, trigger: int) -> None:
        place, sign = (order.outcome, order.side), 1 if order.side is Side.BUY else -1
        key = (trigger * sign, order.order_id)
        self.orders[order.order_id] = order
        self._keys[order.order_id] = (place, key)
        insort(self._lists.setdefault(place, []), key)

    def add_due(self, order: RestingOrder) -> None:
        """One that has fired already and waits for its turn."""
        self.orders[order.order_id] = order
        heappush(self.due, order.order_id)

    def remove(self, order_id: int) -> None:
        """Forget one that fires, ends or is cancelled; in ``due`` it is dropped on the way."""
        del self.orders[order_id]
        self._drop_key(order_id)

    def mark_due(self, order_id: int) -> None:
        if order_id in self._keys:
            self._drop_key(order_id)
            heappush(self.due, order_id)

    def fire(self, outcome: int, price: int) -> None:
        """Make due what a trade at ``price`` reaches."""
        for side, sign in ((Side.BUY, 1), (Side.SELL, -1)):
            waiting = self._lists.get((outcome, side))
            if waiting:
                count = bisect_left(waiting, (price * sign + 1, 0))
                for _, order_id in waiting[:count]:
                    del self._keys[order_id]
                    heappush(self.due, order_id)
                del waiting[:count]

    def status_of(self, order_id: int) -> OrderStatus:
        return OrderStatus.WAITING if order_id in self._keys else OrderStatus.TRIGGERED

    def _drop_key(self, order_id: int) -> None:
        found = self._keys.pop(order_id, None)
        if found is not None:
            place, key = found
            waiting = self._lists[place]
            del waiting[bisect_left(waiting, key)]
