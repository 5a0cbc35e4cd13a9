"""A few days of trading before the demo was installed, so that no chart is empty."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from common import clock
from common.money import QUANTITY_SCALE
from demo.engine.belief import truth
from demo.engine.exact import price_ticks, quantity_lots
from demo.engine.strategies import DECIDE
from demo.services._cast import BOTS, Bot
from demo.services._portfolio import PAST_ORDERS, PastOrder
from demo.types import DemoMarket, Purse, Scene, Strategy, Wish
from trading.services.execute_commands import execute
from trading.types import Effects, OrderSpec, OrderType, PlaceOrder, Side, TimeInForce

DAYS: Final = 6
#: A categorical market has more prices to find.
_STEPS: Final = 44
_STEPS_AN_OUTCOME: Final = 20
_STEPS_MAX: Final = 90
_AVAILABLE: Final = 2_000.0
_INFORMED_PART: Final = 0.7
_MICRO: Final = 1_000_000
_INFORMED: Final = tuple(bot for bot in BOTS if bot.strategy is Strategy.INFORMED)
_NOISE: Final = tuple(bot for bot in BOTS if bot.strategy is Strategy.NOISE)
_MAKERS: Final = tuple(bot for bot in BOTS if bot.strategy is Strategy.MAKER)


Progress = Callable[[str, int, int], None]


class Past:
    """One market's history while it is made up: the prices now and who holds what."""

    def __init__(self, market: DemoMarket, market_id: int, users: Mapping[str, int]) -> None:
        self.market = market
        self.market_id = market_id
        self.users = users
        # The question alone decides what happened, so two installations show the same past.
        self.random = Random(market.slug)
        self.prices = (1 / len(market.chances),) * len(market.chances)
        self.shares: dict[int, dict[int, float]] = {}
        self.trades = 0

    def act(self, bot: Bot, number: int, at: datetime) -> None:
        user_id = self.users[bot.handle]
        scene = self._scene(at)
        plan = DECIDE[bot.strategy](scene, Purse(_AVAILABLE, self.shares.get(user_id, {})), self.random)
        for wish in plan.wishes[:1]:
            self.trade(bot.handle, f"past-{self.market_id}-{number}", wish, at)

    def quote(self, bot: Bot, at: datetime) -> None:
        """Leave a ladder of orders in the book."""
        scene = self._scene(at)
        for number, wish in enumerate(DECIDE[bot.strategy](scene, Purse(_AVAILABLE), self.random).wishes):
            self.trade(bot.handle, f"past-{self.market_id}-quote-{number}", wish, at)

    def trade(self, handle: str, key: str, wish: Wish, at: datetime) -> None:
        if quantity_lots(wish) == 0:
            return
        command = _command(self.users[handle], self.market_id, key, wish)
        with clock.replaying(at):
            (answer,) = execute(self.market_id, [command])
        if answer.effects is not None:
            self._learn(answer.effects)

    def _scene(self, at: datetime) -> Scene:
        return Scene(
            market_id=self.market_id,
            outcomes=self.market.outcomes or ("yes", "no"),
            is_binary=not self.market.outcomes,
            prices=self.prices,
            truth=truth(self.market.slug, self.market.chances, at),
            changes=(0.0,) * len(self.prices),
            liquidity=float(self.market.liquidity),
        )

    def _learn(self, effects: Effects) -> None:
        self.trades += len(effects.fills)
        self.prices = tuple(price / _MICRO for price in effects.prices)
        for (party, outcome), change in effects.shares.items():
            held = self.shares.setdefault(party, {})
            held[outcome] = held.get(outcome, 0.0) + change / QUANTITY_SCALE


def replay_pasts(pasts: Sequence[Past], *, now: datetime, progress: Progress) -> int:
    """Let everybody trade over the last days, all markets in the order of time, as their statements show it.

    Returns: the number of trades
    """
    events = [
        (at, past, number, order)
        for past in pasts
        for number, (at, order) in enumerate(_events(past.market, now, past.random))
    ]
    for done, (at, past, number, order) in enumerate(sorted(events, key=lambda event: event[0]), start=1):
        if order is not None:
            past.trade(order.handle, f"past-{past.market_id}-{number}", order.wish, at)
        else:
            past.act(_actor(past.random, number), number, at)
        progress(past.market.question, done, len(events))
    for past in pasts:
        past.quote(past.random.choice(_MAKERS), now - timedelta(seconds=15))
    return sum(past.trades for past in pasts)


def _actor(random: Random, number: int) -> Bot:
    return _INFORMED[number % len(_INFORMED)] if random.random() < _INFORMED_PART else random.choice(_NOISE)


def _events(market: DemoMarket, now: datetime, random: Random) -> list[tuple[datetime, PastOrder | None]]:
    """Moments of simulated trades, and the orders of people, in time order: a journal never goes back."""
    own = [(now - order.age, order) for order in PAST_ORDERS if order.slug == market.slug]
    steps = min(max(_STEPS, _STEPS_AN_OUTCOME * len(market.chances)), _STEPS_MAX)
    return sorted([*((at, None) for at in _moments(now, random, steps)), *own], key=lambda event: event[0])


def _moments(now: datetime, random: Random, steps: int) -> Iterator[datetime]:
    start = now - timedelta(days=DAYS)
    seconds = sorted(random.uniform(60, DAYS * 86_400 - 60) for _ in range(steps - 3))
    # The first hour finds the price, the last minutes lead over to the live traders.
    yield from (start + timedelta(seconds=second) for second in (20, 40, *seconds))
    yield now - timedelta(seconds=30)


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
