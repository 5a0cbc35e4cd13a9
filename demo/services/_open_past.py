"""A few days of trading in the markets that are open, so that no chart is empty."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from demo.engine.belief import truth
from demo.services._cast import BOTS
from demo.services._past import Actor, Past, Step
from demo.services._portfolio import PAST_ORDERS
from demo.types import DemoMarket, Strategy

DAYS: Final = 6
#: A categorical market has more prices to find.
_STEPS: Final = 44
_STEPS_AN_OUTCOME: Final = 20
_STEPS_MAX: Final = 90
_INFORMED_PART: Final = 0.7


def actors(strategy: Strategy) -> tuple[Actor, ...]:
    """The simulated traders with that strategy."""
    return tuple(Actor(bot.handle, bot.strategy) for bot in BOTS if bot.strategy is strategy)


_INFORMED: Final = actors(Strategy.INFORMED)
_NOISE: Final = actors(Strategy.NOISE)
_MAKERS: Final = actors(Strategy.MAKER)


def belief_of(market: DemoMarket) -> partial[tuple[float, ...]]:
    return partial(truth, market.slug, market.chances)


def open_steps(past: Past, now: datetime) -> Iterator[Step]:
    """Simulated trades, the orders of people, and at last a ladder in the book: a journal never goes back."""
    market, random = past.market, past.random
    own = [(now - order.age, order) for order in PAST_ORDERS if order.slug == market.slug]
    count = min(max(_STEPS, _STEPS_AN_OUTCOME * len(market.chances)), _STEPS_MAX)
    moments = [*((at, None) for at in _moments(now, random, count)), *own]
    for number, (at, order) in enumerate(sorted(moments, key=lambda moment: moment[0])):
        if order is not None:
            perform = partial(past.trade, order.handle, f"past-{past.market_id}-{number}", order.wish)
        else:
            perform = partial(_act, past, number, at)
        yield Step(at, market.question, perform)
    yield Step(now - timedelta(seconds=15), market.question, lambda: past.quote(random.choice(_MAKERS)))


def _act(past: Past, number: int, at: datetime) -> None:
    random = past.random
    actor = _INFORMED[number % len(_INFORMED)] if random.random() < _INFORMED_PART else random.choice(_NOISE)
    past.act(actor, number, at)


def _moments(now: datetime, random: Random, steps: int) -> Iterator[datetime]:
    start = now - timedelta(days=DAYS)
    seconds = sorted(random.uniform(60, DAYS * 86_400 - 60) for _ in range(steps - 3))
    # The first hour finds the price, the last minutes lead over to the live traders.
    yield from (start + timedelta(seconds=second) for second in (20, 40, *seconds))
    yield now - timedelta(seconds=30)
