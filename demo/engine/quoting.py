"""Quotes both sides of a market around its price and re-quotes when it has moved: the human market maker."""

from random import Random
from typing import Final

from demo.types import Plan, Purse, Scene, Wish

_LEVELS: Final = (0.010, 0.022, 0.040)
_SHARES: Final = 35.0
_PART_MAX: Final = 0.02


def decide(scene: Scene, purse: Purse, random: Random) -> Plan:
    """Cancel what rests here, then a ladder of bids and asks; asks are bids on the other outcome, or shares."""
    choices = range(1 if scene.is_binary else len(scene.prices))
    wishes = [wish for outcome in choices for wish in _ladder(scene, purse, outcome, random)]
    return Plan(tuple(wishes), purse.open_orders)


def _ladder(scene: Scene, purse: Purse, outcome: int, random: Random) -> list[Wish]:
    price, wishes = scene.prices[outcome], []
    for distance in _LEVELS:
        size = round(_SHARES * random.uniform(0.6, 1.4))
        bid, ask = price - distance, price + distance
        if bid > 0.01 and size * bid < purse.available * _PART_MAX:
            wishes.append(Wish(outcome, is_buy=True, shares=size, price=bid, rests=True))
        if ask < 0.99:
            wishes += _ask(scene, purse, outcome, ask, size)
    return wishes


def _ask(scene: Scene, purse: Purse, outcome: int, ask: float, size: float) -> list[Wish]:
    held = purse.shares.get(outcome, 0.0)
    if held >= size * len(_LEVELS):
        return [Wish(outcome, is_buy=False, shares=size, price=ask, rests=True)]
    if scene.is_binary and size * (1 - ask) < purse.available * _PART_MAX:
        return [Wish(1 - outcome, is_buy=True, shares=size, price=1 - ask, rests=True)]
    return []
