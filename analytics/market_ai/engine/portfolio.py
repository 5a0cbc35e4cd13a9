"""What a portfolio is exposed to: where the value lies, what moves together, what can be lost, what a model expects.

Units      Amounts in credits, prices and probabilities shares of 1; one share pays 1 credit.
Contract   Pure arithmetic but for correlations, which are tested like every other finding.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

from analytics.market_ai.engine import significance
from analytics.market_ai.engine.features import log_odds

#: Days on which both markets have a price before their moves are compared, and how many holdings are compared.
DAYS_MIN: Final = 8
COMPARED_MAX: Final = 15


@dataclass(frozen=True, slots=True)
class Holding:
    """Shares of one outcome. ``estimate`` of the model with its interval of four in five, if it has one; ``closes``
    are (day, closing price of this outcome), oldest first."""

    market_id: int
    slug: str
    question: str
    outcome: int
    outcome_name: str
    outcomes: int
    event_group: str
    shares: float
    price: float
    cost: float
    estimate: tuple[float, float, float] | None
    closes: tuple[tuple[int, float], ...]

    @property
    def value(self) -> float:
        return self.shares * self.price


@dataclass(frozen=True, slots=True)
class Concentration:
    """``index`` from 1 / number of markets (even) to 1 (all in one), by value; ``effective`` is its inverse."""

    index: float
    effective: float
    largest: Holding
    largest_share: float


@dataclass(frozen=True, slots=True)
class Pair:
    left: Holding
    right: Holding
    correlation: float
    days: int
    chance: float


@dataclass(frozen=True, slots=True)
class Edge:
    """What the model thinks the holdings are worth beyond their price. ``sure``: those whose interval leaves the price
    out. ``covered`` is the share of the value that the model has an estimate of."""

    total: float
    by_holding: tuple[tuple[Holding, float], ...]
    sure: tuple[Holding, ...]
    covered: float
    expected_return: float | None


def concentration(holdings: Sequence[Holding]) -> Concentration | None:
    """By market; ``None`` for what is worth nothing."""
    values: dict[int, float] = defaultdict(float)
    for holding in holdings:
        values[holding.market_id] += holding.value
    total = math.fsum(values.values())
    if total <= 0.0:
        return None
    index = math.fsum((value / total) ** 2 for value in values.values())
    largest_id = max(values, key=lambda market_id: values[market_id])
    largest = max((one for one in holdings if one.market_id == largest_id), key=lambda one: one.value)
    return Concentration(index, 1.0 / index, largest, values[largest_id] / total)


def worst_case(holdings: Iterable[Holding]) -> float:
    """The most that can be lost from here: in each market the outcome that pays least comes true."""
    shares: dict[int, dict[int, float]] = defaultdict(dict)
    counts: dict[int, int] = {}
    value = 0.0
    for holding in holdings:
        shares[holding.market_id][holding.outcome] = holding.shares
        counts[holding.market_id] = holding.outcomes
        value += holding.value
    kept = math.fsum(_least(held, counts[market_id]) for market_id, held in shares.items())
    return max(value - kept, 0.0)


def _least(held: Mapping[int, float], outcomes: int) -> float:
    """What the market pays at worst; an outcome without shares pays nothing."""
    return min(held.values()) if len(held) == outcomes else 0.0


def edge(holdings: Sequence[Holding]) -> Edge:
    estimated = [(one, one.estimate) for one in holdings if one.estimate is not None]
    gains = [(one, one.shares * (estimate[0] - one.price)) for one, estimate in estimated]
    value = math.fsum(one.value for one, _ in estimated)
    total = math.fsum(gain for _, gain in gains)
    whole = math.fsum(one.value for one in holdings)
    return Edge(
        total=total,
        by_holding=tuple(sorted(gains, key=lambda pair: -abs(pair[1]))),
        sure=tuple(one for one, (_, low, high) in estimated if not low <= one.price <= high),
        covered=value / whole if whole > 0.0 else 0.0,
        expected_return=total / value if value > 0.0 else None,
    )


def pairs(holdings: Sequence[Holding]) -> list[Pair]:
    """How the largest holdings of different markets moved together, by days; the closest first."""
    largest: dict[int, Holding] = {}
    for holding in sorted(holdings, key=lambda one: -one.value):
        largest.setdefault(holding.market_id, holding)
    compared = list(largest.values())[:COMPARED_MAX]
    found = [_pair(left, right) for left, right in combinations(compared, 2)]
    return sorted((one for one in found if one is not None), key=lambda one: -abs(one.correlation))


def _pair(left: Holding, right: Holding) -> Pair | None:
    ours, theirs = dict(left.closes), dict(right.closes)
    days = sorted(ours.keys() & theirs.keys())
    if len(days) <= DAYS_MIN:
        return None
    value, chance = significance.correlation_test(_steps(ours, days), _steps(theirs, days))
    return Pair(left, right, value, len(days) - 1, chance)


def _steps(closes: Mapping[int, float], days: Sequence[int]) -> list[float]:
    odds = [log_odds(closes[day]) for day in days]
    return [after - before for before, after in pairwise(odds)]
