"""Trades small amounts for reasons of its own, and gets out again now and then."""

from random import Random
from typing import Final

from demo.engine.sizing import push
from demo.types import Plan, Purse, Scene, Wish

_SHARES_MEAN: Final = 14.0
_EXIT_CHANCE: Final = 0.25


def decide(scene: Scene, purse: Purse, random: Random) -> Plan:
    held = [outcome for outcome, shares in purse.shares.items() if shares >= 1]
    if held and random.random() < _EXIT_CHANCE:
        outcome = random.choice(sorted(held))
        size = purse.shares[outcome] * random.uniform(0.3, 1)
        return Plan((Wish(outcome, is_buy=False, shares=size),))
    outcome = random.randrange(len(scene.prices))
    # Long shots are bought for small change, so nobody drives them up by accident.
    size = random.expovariate(1 / _SHARES_MEAN) * min(1.0, 4 * scene.prices[outcome])
    wish = push(scene, purse, outcome, max(1.0, size), None)
    return Plan((wish,) if wish else ())
