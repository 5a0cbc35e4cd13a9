"""How far an estimate should be trusted, in words with their reasons.

Contract   Each reason is a fact about this market now, with its number, worth one or two points; none: low risk,
           up to two points: medium, more: high.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analytics.market_ai.types import RiskLevel

_MEDIUM: Final = 2


@dataclass(frozen=True, slots=True)
class Reason:
    text: str
    points: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the words are about. ``gap`` is the largest distance of estimate and price over the outcomes."""

    features: Mapping[str, float]
    traders: int | None
    width: float
    gap: float
    is_source_known: bool
    lead: float


def assessed(facts: Facts) -> tuple[RiskLevel, tuple[str, ...]]:
    """The level and the reasons, the weightiest first."""
    reasons = sorted(_reasons(facts), key=lambda one: -one.points)
    points = sum(one.points for one in reasons)
    level = RiskLevel.LOW if not points else RiskLevel.MEDIUM if points <= _MEDIUM else RiskLevel.HIGH
    return level, tuple(one.text for one in reasons)


def _reasons(facts: Facts) -> Sequence[Reason]:
    found = [rule(facts) for rule in (_crowd, _liquidity, _movement, _distance, _closeness, _category, _gap, _source)]
    return [one for one in found if one is not None]


def _crowd(facts: Facts) -> Reason | None:
    if facts.traders is None or facts.traders >= 10:
        return None
    return Reason(f"Only {facts.traders} traders set this price.", 2 if facts.traders < 5 else 1)


def _liquidity(facts: Facts) -> Reason | None:
    score = facts.features["liquidity_score"]
    step = (1.0 / score - 1.0) / 50.0 if score > 0.0 else 1.0
    return Reason(f"A single trade moves the price by about {step:.1%}.", 1) if score < 0.4 else None


def _movement(facts: Facts) -> Reason | None:
    moved = facts.features["price_volatility"]
    return Reason(f"The price is restless: {moved:.2f} log-odds a day.", 1) if moved > 0.5 else None


def _distance(facts: Facts) -> Reason | None:
    days = facts.features["days_remaining"]
    return Reason(f"Much can happen in the {days:.0f} days until it closes.", 1) if days > 90 else None


def _closeness(facts: Facts) -> Reason | None:
    return Reason(f"It is nearly even: the leading answer has {facts.lead:.0%}.", 1) if facts.lead < 0.6 else None


def _category(facts: Facts) -> Reason | None:
    risk = facts.features["category_risk"]
    text = f"In this category prices were on the wrong side {risk:.0%} of the time."
    return Reason(text, 1) if risk > 0.3 else None


def _gap(facts: Facts) -> Reason | None:
    return Reason(f"The estimate is {facts.gap:.1%} away from the price.", 1) if facts.gap > 0.05 else None


def _source(facts: Facts) -> Reason | None:
    return None if facts.is_source_known else Reason("The model has learned from no answered market of this site.", 1)
