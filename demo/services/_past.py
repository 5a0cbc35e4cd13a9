"""One market's past while it is made up: who trades what at a moment before the demo was installed."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from common import clock
from common.money import QUANTITY_SCALE
from demo.engine.exact import price_ticks, quantity_lots
from demo.engine.strategies import DECIDE
from demo.types import DemoMarket, Purse, Scene, Strategy, Wish
from markets.types import MarketKind
from trading.services.execute_commands import execute
from trading.types import Effects, OrderSpec, OrderType, PlaceOrder, Side, TimeInForce

_AVAILABLE: Final = 2_000.0
_MICRO: Final = 1_000_000

#: The question at hand, how many steps are done, and of how many.
Progress = Callable[[str, int, int], None]
#: What the informed know at a moment: the chance of every outcome.
Belief = Callable[[datetime], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened at a moment; ``perform`` runs with the clock there."""

    at: datetime
    title: str
    perform: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Actor:
    """``available``: the credits that they reckon with; a tenth of them is the most that one order costs."""

    handle: str
    strategy: Strategy
    available: float = _AVAILABLE


class Past:
    """The prices now and who holds what."""

    def __init__(self, market: DemoMarket, market_id: int, users: Mapping[str, int], belief: Belief) -> None:
        self.market = market
        self.market_id = market_id
        self.users = users
        self.belief = belief
        # The question alone decides what happened, so two installations show the same past.
        self.random = Random(market.slug)
        self.prices = (1 / len(market.chances),) * len(market.chances)
        self.shares: dict[int, dict[int, float]] = {}
        self.trades = 0

    def act(self, actor: Actor, number: int, knows: datetime) -> None:
        """Let ``actor`` do the first thing that comes to mind, knowing what was true at ``knows``."""
        user_id = self.users[actor.handle]
        purse = Purse(actor.available, self.shares.get(user_id, {}))
        plan = DECIDE[actor.strategy](self._scene(knows), purse, self.random)
        for wish in plan.wishes[:1]:
            self.trade(actor.handle, f"past-{self.market_id}-{number}", wish)

    def quote(self, actor: Actor) -> None:
        """Leave a ladder of orders in the book."""
        scene = self._scene(clock.now())
        for number, wish in enumerate(DECIDE[actor.strategy](scene, Purse(actor.available), self.random).wishes):
            self.trade(actor.handle, f"past-{self.market_id}-quote-{number}", wish)

    def trade(self, handle: str, key: str, wish: Wish) -> None:
        if quantity_lots(wish) == 0:
            return
        command = _command(self.users[handle], self.market_id, key, wish)
        (answer,) = execute(self.market_id, [command])
        if answer.effects is not None:
            self._learn(answer.effects)

    def _scene(self, at: datetime) -> Scene:
        return Scene(
            market_id=self.market_id,
            # Orders of the past go by index; only those of the API need names.
            outcomes=tuple(str(index) for index in range(len(self.prices))),
            is_binary=self.market.kind is MarketKind.BINARY,
            prices=self.prices,
            truth=self.belief(at),
            changes=(0.0,) * len(self.prices),
            liquidity=float(self.market.liquidity),
        )

    def _learn(self, effects: Effects) -> None:
        self.trades += len(effects.fills)
        self.prices = tuple(price / _MICRO for price in effects.prices)
        for (party, outcome), change in effects.shares.items():
            held = self.shares.setdefault(party, {})
            held[outcome] = held.get(outcome, 0.0) + change / QUANTITY_SCALE


def play(steps: Iterable[Step], *, progress: Progress) -> None:
    """Do everything in the order of time, all markets together: as everybody's statement shows it."""
    ordered: Sequence[Step] = sorted(steps, key=lambda step: step.at)
    for done, step in enumerate(ordered, start=1):
        with clock.replaying(step.at):
            step.perform()
        progress(step.title, done, len(ordered))


def _command(user_id: int, market_id: int, key: str, wish: Wish) -> PlaceOrder:
    price = price_ticks(wish)
    spec = OrderSpec(
        market_id,
        wish.outcome,
        Side.BUY if wish.is_buy else Side.SELL,
        OrderType.MARKET if price is None else OrderType.LIMIT,
        TimeInForce.GTC if wish.rests else TimeInForce.IOC,
        price=price,
        quantity=quantity_lots(wish),
    )
    return PlaceOrder(user_id, spec, key, hashlib.sha256(repr(spec).encode()).digest())
