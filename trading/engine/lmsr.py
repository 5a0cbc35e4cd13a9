"""The maker rule: a logarithmic market scoring rule with bounded loss.

Contract   ``q`` are lots sold of each outcome, ``b`` the liquidity in lots. The potential is
           ``C(q) = b ln sum exp(q_i / b)``, a trade costs ``C(after) - C(before)``. The only module of the
           engine with floats; what leaves it is an integer.
Method     C is ``max(q)``, exact, plus a remainder between 0 and ``b ln n`` known to a tiny error. ``U`` is C
           rounded up and ``D`` C rounded down, each by more than that error, and a trade costs
           ``U(after) - D(before)``. As ``D <= C <= U`` everywhere, by arithmetic on integers alone: no
           trade is undercharged, a walk in parts is never cheaper than at once, a way and back never pays.
Bound      The subsidy ``U(0)``, ``b ln n``, covers the worst loss: cash never falls below ``U(q) - max(q) >= 0``.
           A trade is overcharged by 2 units (2e-8 credits) and the error at most.
"""

from collections.abc import Sequence
from math import ceil, exp, expm1, floor, log, log1p
from typing import Final

from common.money import PAYOUT_PER_LOT, PRICE_SCALE

#: Eight units in the last place: each outcome adds less than this to the error of the logarithm.
_ERROR: Final = 2.0**-50


def log_odds(q: Sequence[int], b: int, outcome: int) -> float:
    """``ln(p / (1 - p))`` of the outcome's marginal price."""
    if len(q) == 2:
        return (q[outcome] - q[1 - outcome]) / b
    others = [quantity for index, quantity in enumerate(q) if index != outcome]
    top = max(others)
    return (q[outcome] - top) / b - log(sum(exp((quantity - top) / b) for quantity in others))


def price(q: Sequence[int], b: int, outcome: int) -> float:
    """Marginal price of one outcome, 0..1."""
    return _sigmoid(log_odds(q, b, outcome))


def prices(q: Sequence[int], b: int) -> list[float]:
    """Marginal prices of all outcomes; they sum to 1 but for rounding."""
    top = max(q)
    weights = [exp((quantity - top) / b) for quantity in q]
    total = sum(weights)
    return [weight / total for weight in weights]


def cost_of(q: Sequence[int], b: int, outcome: int, lots: int) -> int:
    """Cash a trader pays for ``lots``; negative lots are a sale, and minus the result what it brings.

    Rounded up, that is against the trader, both ways.
    """
    if lots == 0:
        return 0
    after = list(q)
    after[outcome] += lots
    return _potential_up(after, b) - _potential_down(q, b)


def lots_to_price(q: Sequence[int], b: int, outcome: int, price_ticks: int) -> int:
    """Signed lots that move the marginal price to ``price_ticks``, rounded towards zero.

    ``d = b ln(p (1 - pi) / (pi (1 - p)))`` for the marginal price pi and the price p asked for.
    """
    return int(b * (log(price_ticks / (PRICE_SCALE - price_ticks)) - log_odds(q, b, outcome)))


def lots_for_cash(q: Sequence[int], b: int, outcome: int, cash: int) -> int:
    """About the lots that ``cash`` buys, a closed form that ignores rounding; check with ``cost_of``."""
    odds = log_odds(q, b, outcome)
    spend = cash / (b * PAYOUT_PER_LOT)
    # Far out, ln(e^c + (e^c - 1) e^-L) is the larger of its two exponents, and exp would overflow.
    if spend > 300 or odds < -300:
        return int(b * max(spend, spend - odds))
    return int(b * log1p(expm1(spend) * (1.0 + exp(-odds))))


def subsidy(b: int, n: int) -> int:
    """Cash that the maker rule starts with: ``b ln n`` rounded up, so its cash never falls below zero."""
    return _potential_up([0] * n, b) if b else 0


def reserve(q: Sequence[int], b: int) -> int:
    """Cash that covers the rule's worst loss from here on, ``C(q) - max(q)`` rounded up."""
    return _potential_up(q, b) - max(q) * PAYOUT_PER_LOT


def _potential_up(q: Sequence[int], b: int) -> int:
    top = max(q)
    return top * PAYOUT_PER_LOT + ceil((_remainder(q, b, top) + _ERROR * (len(q) + 4)) * b * PAYOUT_PER_LOT)


def _potential_down(q: Sequence[int], b: int) -> int:
    top = max(q)
    rest = floor((_remainder(q, b, top) - _ERROR * (len(q) + 4)) * b * PAYOUT_PER_LOT)
    return top * PAYOUT_PER_LOT + max(rest, 0)


def _remainder(q: Sequence[int], b: int, top: int) -> float:
    """``(C(q) - max(q)) / b``, from 0 to ``ln n``."""
    if len(q) == 2:
        return log1p(exp(-abs(q[0] - q[1]) / b))
    return log(sum([exp((quantity - top) / b) for quantity in q]))


def _sigmoid(odds: float) -> float:
    if odds >= 0:
        return 1.0 / (1.0 + exp(-odds))
    weight = exp(odds)
    return weight / (1.0 + weight)
