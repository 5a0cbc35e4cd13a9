"""The state of one market as the match pass sees it.

Contract   Mutable, owned by one thread at a time. Changed only by ``trading.engine.apply``, and by
           replaying journal records. Never persisted as such: the journal and the tables are.
"""

from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush

from trading.engine import lmsr
from trading.engine.book import Book, RestingOrder
from trading.types import TimeInForce

__all__ = ["Holding", "MarketRules", "MarketState", "RestingOrder", "new_state"]


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
    books: list[Book] = field(default_factory=list)
    orders: dict[int, RestingOrder] = field(default_factory=dict)
    holdings: dict[tuple[int, int], Holding] = field(default_factory=dict)
    maker_quantities: list[int] = field(default_factory=list)
    last_prices: list[int | None] = field(default_factory=list)
    maker_cash: int = 0
    providers: dict[int, int] = field(default_factory=dict)
    #: A heap of (when, order id) of orders that end by themselves; those that are gone are dropped on the way.
    ends: list[tuple[datetime, int]] = field(default_factory=list)

    def add_order(self, order: RestingOrder) -> None:
        """Let ``order`` rest, behind the earlier ones at its price."""
        self.books[order.outcome].side(order.side).add(order)
        self.orders[order.order_id] = order
        if order.spec.time_in_force is TimeInForce.GTD and order.spec.valid_until is not None:
            heappush(self.ends, (order.spec.valid_until, order.order_id))

    def ended_orders(self, now: datetime) -> list[RestingOrder]:
        """Resting orders whose time is over; they stay until they are cancelled."""
        while self.ends and self.ends[0][1] not in self.orders:
            heappop(self.ends)
        if not self.ends or self.ends[0][0] > now:
            return []
        ended = sorted(end for end in self.ends if end[0] <= now and end[1] in self.orders)
        return [self.orders[order_id] for _, order_id in ended]


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
