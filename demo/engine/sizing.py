"""How many shares move a maker rule how far, and what a wish costs at most."""

import math

from demo.types import Purse, Scene, Wish


def shares_to(price: float, target: float, liquidity: float) -> float:
    """Shares of an outcome that move its price to ``target``; negative: to sell."""
    return liquidity * (_logit(target) - _logit(price))


def push(scene: Scene, purse: Purse, outcome: int, shares: float, limit: float | None) -> Wish | None:
    """Move the price of ``outcome`` up (``shares`` > 0) or down, with shares at hand before new money.

    A purchase is cut to a tenth of the free credits. In a categorical market without shares of the outcome
    there is nothing to sell, so nothing is wished for.
    """
    if shares > 0:
        return _raise(scene, purse, outcome, shares, limit)
    held = purse.shares.get(outcome, 0.0)
    if held >= 1:
        return Wish(outcome, is_buy=False, shares=min(-shares, held), price=limit)
    if not scene.is_binary:
        return None
    price = None if limit is None else 1 - limit
    return _bought(purse, 1 - outcome, -shares, price, 1 - scene.prices[outcome])


def _raise(scene: Scene, purse: Purse, outcome: int, shares: float, limit: float | None) -> Wish | None:
    other = 1 - outcome
    if scene.is_binary and purse.shares.get(other, 0.0) >= 1:
        price = None if limit is None else 1 - limit
        return Wish(other, is_buy=False, shares=min(shares, purse.shares[other]), price=price)
    return _bought(purse, outcome, shares, limit, scene.prices[outcome])


def _bought(purse: Purse, outcome: int, shares: float, limit: float | None, price: float) -> Wish | None:
    dearest = max(limit or price, price, 0.01)
    size = min(shares, purse.available / 10 / dearest)
    return Wish(outcome, is_buy=True, shares=size, price=limit) if size >= 1 else None


def _logit(p: float) -> float:
    inside = min(max(p, 0.001), 0.999)
    return math.log(inside / (1 - inside))
