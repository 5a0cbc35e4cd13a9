"""Knows the hidden truth a little blurred, and trades towards it when the price is far enough away."""

from random import Random
from typing import Final

from demo.engine.sizing import push, shares_to
from demo.types import Plan, Purse, Scene

_EDGE: Final = 0.012
_BLUR: Final = 0.008


def decide(scene: Scene, purse: Purse, random: Random) -> Plan:
    gaps = [truth + random.gauss(0, _BLUR) - price for truth, price in zip(scene.truth, scene.prices, strict=True)]
    order = sorted(range(1 if scene.is_binary else len(gaps)), key=lambda index: -abs(gaps[index]))
    for outcome in order:
        if abs(gaps[outcome]) < _EDGE:
            break
        price = scene.prices[outcome]
        # Half of the way: the next one, who may see it otherwise, goes the rest.
        target = min(max(price + gaps[outcome] / 2, 0.005), 0.995)
        wish = push(scene, purse, outcome, shares_to(price, target, scene.liquidity), target)
        if wish is not None:
            return Plan((wish,))
    return Plan()
