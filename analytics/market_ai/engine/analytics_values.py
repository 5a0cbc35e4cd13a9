"""What is worked out from the figures of markets, traders and the site."""

import math
from dataclasses import dataclass
from typing import Final

DAY_S: Final = 86_400.0
#: Fewer settled markets than this say nothing about skill.
SETTLED_MIN: Final = 5


@dataclass(frozen=True, slots=True)
class Risk:
    """``at_stake``: the share of all that a trader owns which open positions can lose. ``spread``: the standard
    deviation of a market's profit in credits, ``None`` below two settled markets."""

    level: str
    at_stake: float
    spread: float | None


def risk_of(*, at_stake: int, owned: int, settled: int, profit: int, profit_squares: float) -> Risk:
    """Amounts in cash units, ``profit_squares`` in credits squared. ``owned``: cash and positions at their prices."""
    share = min(at_stake / owned, 1.0) if owned > 0 else 0.0
    level = "high" if share > 0.5 else "medium" if share > 0.2 else "low"
    return Risk(level, round(share, 4), _spread(settled, profit / 1e8, profit_squares))


def _spread(settled: int, profit: float, squares: float) -> float | None:
    if settled < 2:
        return None
    return round(math.sqrt(max(squares - profit * profit / settled, 0.0) / (settled - 1)), 4)


def success_rate(won: int, settled: int) -> float | None:
    """The share of settled markets that ended with a profit; ``None`` without any."""
    return round(won / settled, 4) if settled else None


def success_interval(won: int, settled: int) -> tuple[float, float] | None:
    """Wilson's interval of the rate, 95 %."""
    if not settled:
        return None
    z, rate = 1.959964, won / settled
    middle = (rate + z * z / (2 * settled)) / (1 + z * z / settled)
    half = z * math.sqrt(rate * (1 - rate) / settled + z * z / (4 * settled * settled)) / (1 + z * z / settled)
    return round(max(middle - half, 0.0), 4), round(min(middle + half, 1.0), 4)


def trades_a_day(trades: int, seconds: float) -> float:
    """Over the time since the first trade, a day at least."""
    return round(trades / max(seconds / DAY_S, 1.0), 4)
