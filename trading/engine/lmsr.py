"""The maker rule: a logarithmic market scoring rule with bounded loss.

Contract   ``q`` are lots sold of each outcome, ``b`` the liquidity in lots, ``C(q) = b ln sum exp(q_i / b)``
           in shares' payout. The only module of the engine with floats: what leaves is an integer that
           is at least as good for the market as the exact value, so rounding is never a loss.
Method     Everything is expressed by the log odds ``L = ln(p / (1 - p))`` of one outcome, which neither
           overflows nor cancels: buying ``d`` moves L by ``d / b`` and costs
           ``b (softplus(L + d/b) - softplus(L))``.
Bound      ``-C(0) + C(q) - max(q) + b ln n >= 0``: the subsidy ``b ln n`` covers the worst loss.
"""

from collections.abc import Sequence
from math import ceil, exp, expm1, floor, log, log1p

from common.money import PAYOUT_PER_LOT, PRICE_SCALE

#: 2**-50, eight units in the last place: more than the relative error of any step below.
_ULPS = 2.0**-50


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
    """Cash a trader pays for ``lots`` (negative: sells, and minus the result is what they receive).

    Rounded up, that is against the trader, by more than the arithmetic error.
    """
    odds = log_odds(q, b, outcome)
    if lots >= 0:
        exact, error = _cost_of_buy(odds, lots / b, len(q))
        return ceil((exact + error) * b * PAYOUT_PER_LOT)
    # A sale is the purchase back from where it ends, so both have the same small relative error.
    exact, error = _cost_of_buy(odds + lots / b, -lots / b, len(q))
    return -floor((exact - error) * b * PAYOUT_PER_LOT)


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
    return ceil(b * PAYOUT_PER_LOT * log(n) * (1.0 + 4 * _ULPS)) if b else 0


def _cost_of_buy(odds: float, step: float, outcomes: int) -> tuple[float, float]:
    """``softplus(odds + step) - softplus(odds)`` for a step upwards, and a bound of its error."""
    if step < 30 and odds > -300:
        exact = log1p(_sigmoid(odds) * expm1(step))
    else:
        exact = _softplus(odds + step) - _softplus(odds)
    scale = exact if step < 30 and odds > -300 else exact + 1.0
    return exact, scale * _ULPS * (abs(odds) + step + outcomes + 16)


def _sigmoid(odds: float) -> float:
    if odds >= 0:
        return 1.0 / (1.0 + exp(-odds))
    weight = exp(odds)
    return weight / (1.0 + weight)


def _softplus(odds: float) -> float:
    return odds + log1p(exp(-odds)) if odds > 0 else log1p(exp(odds))
