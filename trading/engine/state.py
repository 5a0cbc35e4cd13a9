"""The state of one market as the match pass sees it.

Contract   Mutable, owned by one thread at a time. Changed only by ``trading.engine.apply``, and by
           replaying journal records. Never persisted as such: the journal and the tables are.
"""

from dataclasses import dataclass, field

from trading.engine.book import Book, RestingOrder

__all__ = ["Holding", "MarketRules", "MarketState", "RestingOrder", "new_state"]


@dataclass(frozen=True, slots=True)
class MarketRules:
    """What was laid down when the market was made. ``liquidity`` is the maker rule's b in lots, 0 for
    none; fees in basis points of ``price * (1 - price)``, at most 10,000; ``tick`` and ``lot`` are
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
    """``holdings`` by (user id, outcome) are the traders'; the maker rule's follow from its quantities."""

    rules: MarketRules
    seq: int = 0
    is_open: bool = True
    is_cancel_allowed: bool = True
    books: list[Book] = field(default_factory=list)
    orders: dict[int, RestingOrder] = field(default_factory=dict)
    holdings: dict[tuple[int, int], Holding] = field(default_factory=dict)
    maker_quantities: list[int] = field(default_factory=list)
    last_prices: list[int | None] = field(default_factory=list)


def new_state(rules: MarketRules) -> MarketState:
    """The state of a market in which nothing has happened: one book if binary, else one an outcome."""
    books = 1 if rules.is_binary else rules.outcomes
    return MarketState(
        rules=rules,
        books=[Book() for _ in range(books)],
        maker_quantities=[0] * rules.outcomes,
        last_prices=[None] * books,
    )
