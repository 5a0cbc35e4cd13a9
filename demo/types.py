"""Words of the demo, as plain values.

Prices and chances are probabilities as ``float``, sizes are shares: strategies are guesses, not
book-keeping. They become exact decimals where an order leaves the program.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from markets.types import MarketKind, ScaleSpec


class Strategy(StrEnum):
    INFORMED = "informed"
    NOISE = "noise"
    MOMENTUM = "momentum"
    MAKER = "maker"


@dataclass(frozen=True, slots=True)
class DemoMarket:
    """A question of ours. ``chances`` of every outcome are the centre that the hidden truth wanders about.

    ``outcomes`` are a categorical market's; ``scale`` asks for the buckets of a numeric or date market.
    """

    topic: str
    slug: str
    question: str
    closes_at: datetime
    chances: tuple[float, ...]
    rules: str
    source: str
    description: str
    tags: tuple[str, ...]
    liquidity: int
    kind: MarketKind = MarketKind.BINARY
    outcomes: tuple[str, ...] = ()
    scale: ScaleSpec | None = None
    event: str = ""


@dataclass(frozen=True, slots=True)
class EndedMarket:
    """A question of ours that is over: open from ``opened_at``; the truth went from the market's chances to ``last``.
    ``payouts`` in 1/10,000 a share, empty: declared void. ``dispute`` empty: nobody had anything against it."""

    market: DemoMarket
    opened_at: datetime
    last: tuple[float, ...]
    payouts: tuple[int, ...]
    reason: str
    dispute: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What a strategy sees of a market, by outcome index: prices, their recent changes, and the hidden
    ``truth``, which only the informed look at. ``liquidity`` is b of the maker rule in shares."""

    market_id: int
    outcomes: tuple[str, ...]
    is_binary: bool
    prices: tuple[float, ...]
    truth: tuple[float, ...]
    changes: tuple[float, ...]
    liquidity: float


@dataclass(frozen=True, slots=True)
class Purse:
    """What a simulated trader has: free credits, free shares by outcome index, own open orders here."""

    available: float
    shares: dict[int, float] = field(default_factory=dict)
    open_orders: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """An order that a strategy would like to place; ``price`` empty: a market order."""

    outcome: int
    is_buy: bool
    shares: float
    price: float | None = None
    rests: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Cancel own orders first if asked to, then place the wishes in order."""

    wishes: tuple[Wish, ...] = ()
    cancels: tuple[int, ...] = ()
