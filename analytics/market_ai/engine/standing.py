"""How good prices of a source and of a category were, as of any moment.

Contract   A contract counts from the moment its answer was known, never before; so a feature read from here for a
           moment in the past is what could have been known then.
Bound      Adding is one list append a key; reading one binary search.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from analytics.market_ai.types import Contract, Surroundings

PRIOR: Final = 10.0
ERROR_PRIOR: Final = 0.15
RISK_PRIOR: Final = 0.2


@dataclass(frozen=True, slots=True)
class Score:
    """What one answered contract says: mean squared error of its prices, share of them on the wrong side."""

    known_at: float
    source: str
    category: str
    error: float
    wrong: float


@dataclass(slots=True)
class _Line:
    """Moments, and the sum of the values up to each of them."""

    at: list[float] = field(default_factory=list)
    sums: list[float] = field(default_factory=list)

    def add(self, at: float, value: float) -> None:
        assert not self.at or at >= self.at[-1], "scores come in the order of time"
        self.sums.append((self.sums[-1] if self.sums else 0.0) + value)
        self.at.append(at)

    def before(self, at: float) -> tuple[int, float]:
        count = bisect_left(self.at, at)
        return count, self.sums[count - 1] if count else 0.0


class Standings:
    """Scores of many contracts, to be read as of a moment."""

    def __init__(self, scores: Iterable[Score] = ()) -> None:
        self._errors: dict[str, _Line] = defaultdict(_Line)
        self._risks: dict[str, _Line] = defaultdict(_Line)
        for score in sorted(scores, key=lambda one: one.known_at):
            self._errors[score.source].add(score.known_at, score.error)
            self._risks[score.category].add(score.known_at, score.wrong)

    def accuracy(self, source: str, at: float) -> float:
        """The feature ``historical_accuracy``."""
        count, total = self._errors[source].before(at) if source in self._errors else (0, 0.0)
        return accuracy_of(count, total)

    def risk(self, category: str, at: float) -> float:
        """The feature ``category_risk``."""
        count, total = self._risks[category].before(at) if category in self._risks else (0, 0.0)
        return risk_of(count, total)


def accuracy_of(count: int, error_sum: float) -> float:
    return 1.0 - (error_sum + PRIOR * ERROR_PRIOR) / (count + PRIOR)


def risk_of(count: int, wrong_sum: float) -> float:
    return (wrong_sum + PRIOR * RISK_PRIOR) / (count + PRIOR)


def score_of(contract: Contract, prices: Sequence[float]) -> Score | None:
    """What ``contract`` says by its ``prices`` (those of its samples); None without any."""
    if not prices:
        return None
    return Score(
        known_at=contract.known_at,
        source=contract.source,
        category=contract.category,
        error=sum((price - contract.outcome) ** 2 for price in prices) / len(prices),
        wrong=sum((price >= 0.5) != bool(contract.outcome) for price in prices) / len(prices),
    )


def around(contract: Contract, at: float, standings: Standings) -> Surroundings:
    """What surrounds ``contract`` as of ``at``."""
    tones = _tones(contract, at)
    return Surroundings(
        closes_at=contract.closes_at,
        social_sentiment=tones[0],
        news_sentiment=tones[1],
        historical_accuracy=standings.accuracy(contract.source, at),
        category_risk=standings.risk(contract.category, at),
    )


def _tones(contract: Contract, at: float) -> tuple[float, float]:
    """The newest tones at or before ``at``."""
    known = sorted(contract.tones or {})
    place = bisect_right(known, at)
    return (contract.tones or {})[known[place - 1]] if place else (0.0, 0.0)
