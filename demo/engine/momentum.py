"""Follows what the price did in the last minutes, with a limit not far from here."""

from random import Random
from typing import Final

from demo.engine.sizing import push
from demo.types import Plan, Purse, Scene

_THRESHOLD: Final = 0.006
_SHARES: Final = 400.0
_SHARES_MAX: Final = 40.0
_SLIP: Final = 0.01


def decide(scene: Scene, purse: Purse, random: Random) -> Plan:
    choices = range(1 if scene.is_binary else len(scene.prices))
    outcome = max(choices, key=lambda index: abs(scene.changes[index]))
    change = scene.changes[outcome]
    if abs(change) < _THRESHOLD:
        return Plan()
    size = min(_SHARES_MAX, _SHARES * abs(change)) * random.uniform(0.5, 1.5)
    sign = 1 if change > 0 else -1
    limit = min(max(scene.prices[outcome] + sign * _SLIP, 0.005), 0.995)
    wish = push(scene, purse, outcome, sign * size, limit)
    return Plan((wish,) if wish else ())
