"""The state of one market as the match pass sees it.

Contract   Mutable, owned by one thread at a time. Changed only by ``trading.engine.apply``, and by
           replaying journal records. Never persisted as such: the journal and the tables are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import Final

from common.money import PRICE_SCALE
from trading.engine import lmsr
from trading.engine.book import Book, RestingOrder
from trading.engine.stops import Stops
from trading.types import TimeInForce

__all__ = ["NO_TERMS", "Holding", "Limits", "MarketRules", "MarketState", "OrderTerms", "RestingOrder", "new_state"]


@dataclass(frozen=True, slots=True)
class MarketRules:
    """What was laid down when the market was made. ``liquidity`` is the maker rule's b in lots with what others have
    added, 0 for none; fees in basis points of ``price * (1 - price)``, at most 10,000; ``tick`` and ``lot`` are
    the grid steps, and ``tick`` divides 10,000."""

    market_id: int
    outcomes: int
    is_binary: bool
    liquidity: int = 0
    taker_fee_bps: int = 0
    maker_fee_bps: int = 0
    tick: int = 1
    lot: int = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What one trader may have in one market; ``None`` for no limit. Quantities in lots.

    ``open_orders``: resting at once; ``order_size``: of one order; ``position``: shares of one outcome, those of
    its resting buys included.
    """

    open_orders: int | None = None
    order_size: int | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What is asked of new orders at this moment.

    ``limits`` are everybody's, ``by_trader`` those of who has own ones. ``band`` in ticks: how far from an outcome's
    price an order may trade. ``is_post_only``: nothing trades, new orders may only rest.
    """

    limits: Limits | None = None
    by_trader: Mapping[int, Limits] = field(default_factory=dict)
    band: int | None = None
    is_post_only: bool = False

    def limits_of(self, user_id: int) -> Limits | None:
        return self.by_trader.get(user_id, self.limits)


NO_TERMS: Final = OrderTerms()


@dataclass(slots=True)
class Holding:
    """Shares of one outcome held by one trader; ``held`` of them are reserved by resting sells."""

    quantity: int = 0
    held: int = 0


@dataclass(slots=True)
class MarketState:
    """``holdings`` by (user id, outcome) are the traders'; the maker rule's follow from its quantities, and
    ``maker_cash`` is its account. ``providers``: lots of b that each trader has added."""

    rules: MarketRules
    seq: int = 0
    is_open: bool = True
    is_cancel_allowed: bool = True
    #: What is asked of new orders beside the rules; replays ask nothing, so records tell only what was accepted.
    terms: OrderTerms = NO_TERMS
    books: list[Book] = field(default_factory=list)
    orders: dict[int, RestingOrder] = field(default_factory=dict)
    holdings: dict[tuple[int, int], Holding] = field(default_factory=dict)
    maker_quantities: list[int] = field(default_factory=list)
    last_prices: list[int | None] = field(default_factory=list)
    maker_cash: int = 0
    providers: dict[int, int] = field(default_factory=dict)
    #: A heap of (when, order id) of orders that end by themselves; those that are gone are dropped on the way.
    ends: list[tuple[datetime, int]] = field(default_factory=list)
    #: The same orders by their trader.
    owned: dict[int, dict[int, RestingOrder]] = field(default_factory=dict)
    #: Ids of reduce-only orders by (user id, outcome); those that are gone are dropped on the way.
    reducing: dict[tuple[int, int], set[int]] = field(default_factory=dict)
    #: Stops that wait; they are in no book and not in ``orders``.
    stops: Stops = field(default_factory=Stops)
    #: Of each order of a pair the other one; those that are gone are dropped on the way.
    links: dict[int, int] = field(default_factory=dict)
    #: Ids of orders by their order group; those that are gone are dropped on the way.
    groups: dict[int, set[int]] = field(default_factory=dict)
    #: Where orders stand that were amended to the back; the others stand by their ids.
    places: dict[int, int] = field(default_factory=dict)

    def add_order(self, order: RestingOrder) -> None:
        """Let ``order`` rest, behind the earlier ones at its price."""
        self.books[order.outcome].side(order.side).add(order)
        self.orders[order.order_id] = order
        own = self.owned.get(order.user_id)
        if own is None:
            self.owned[order.user_id] = {order.order_id: order}
        else:
            own[order.order_id] = order
        if order.spec.reduce_only:
            key = (order.user_id, order.spec.outcome)
            self.reducing[key] = {i for i in self.reducing.get(key, ()) if i in self.orders} | {order.order_id}
        if order.spec.time_in_force is TimeInForce.GTD and order.spec.valid_until is not None:
            heappush(self.ends, (order.spec.valid_until, order.order_id))
        if order.spec.ties is not None:
            self._tie(order)

    def add_stop(self, order: RestingOrder, *, is_due: bool = False) -> None:
        """Let a stop wait for its price, or for its turn."""
        ties = order.spec.ties
        assert ties is not None, "a stop has a trigger"
        assert ties.trigger_price is not None, "a stop has a trigger"
        is_mirrored = self.rules.is_binary and order.spec.outcome == 1
        if is_due:
            self.stops.add_due(order)
        else:
            self.stops.add(order, PRICE_SCALE - ties.trigger_price if is_mirrored else ties.trigger_price)
        self.owned.setdefault(order.user_id, {})[order.order_id] = order
        if order.spec.time_in_force is TimeInForce.GTD and order.spec.valid_until is not None:
            heappush(self.ends, (order.spec.valid_until, order.order_id))
        self._tie(order)

    def _tie(self, order: RestingOrder) -> None:
        ties = order.spec.ties
        if ties is not None and ties.linked_to is not None:
            self.links[order.order_id] = ties.linked_to
        if ties is not None and ties.group_id is not None:
            self.groups.setdefault(ties.group_id, set()).add(order.order_id)

    def unlink(self, order_id: int) -> None:
        """Forget a pair of which one order is done."""
        other_id = self.links.pop(order_id, None)
        if other_id is not None:
            self.links.pop(other_id, None)

    def drop_stop(self, order: RestingOrder) -> None:
        """Forget a stop that waits no more."""
        self.stops.remove(order.order_id)
        own = self.owned[order.user_id]
        del own[order.order_id]
        if not own:
            del self.owned[order.user_id]

    def later_orders(self, order: RestingOrder) -> list[int]:
        """Those at the order's price that stand behind its number."""
        level = self.books[order.outcome].side(order.side).levels.get(order.price)
        return [] if level is None else [i for i in level.orders if self.places.get(i, i) > order.order_id]

    def open_order(self, order_id: int) -> RestingOrder | None:
        """An order that rests or waits."""
        return self.orders.get(order_id) or self.stops.orders.get(order_id)

    def grouped_orders(self) -> dict[int, list[RestingOrder]]:
        """The orders of each group that rest or wait, by id."""
        for group_id, ids in list(self.groups.items()):
            ids.difference_update([i for i in ids if self.open_order(i) is None])
            if not ids:
                del self.groups[group_id]
        found = {group_id: [self.open_order(i) for i in sorted(ids)] for group_id, ids in self.groups.items()}
        return {group_id: [order for order in orders if order is not None] for group_id, orders in found.items()}

    def drop_order(self, order: RestingOrder) -> None:
        """Forget an order that has left its book."""
        del self.orders[order.order_id]
        own = self.owned[order.user_id]
        del own[order.order_id]
        if not own:
            del self.owned[order.user_id]

    def free_shares(self, user_id: int, outcome: int) -> int:
        """Lots that no resting sell has reserved."""
        holding = self.holdings.get((user_id, outcome))
        return holding.quantity - holding.held if holding else 0

    def ended_orders(self, now: datetime) -> list[RestingOrder]:
        """Resting and waiting orders whose time is over; they stay until they are cancelled."""
        while self.ends and self.open_order(self.ends[0][1]) is None:
            heappop(self.ends)
        if not self.ends or self.ends[0][0] > now:
            return []
        ended = [self.open_order(i) for _, i in sorted({end for end in self.ends if end[0] <= now})]
        return [order for order in ended if order is not None]


def new_state(rules: MarketRules) -> MarketState:
    """The state of a market in which nothing has happened: one book if binary, else one an outcome."""
    books = 1 if rules.is_binary else rules.outcomes
    return MarketState(
        rules=rules,
        books=[Book() for _ in range(books)],
        maker_quantities=[0] * rules.outcomes,
        maker_cash=lmsr.subsidy(rules.liquidity, rules.outcomes),
        last_prices=[None] * books,
    )
