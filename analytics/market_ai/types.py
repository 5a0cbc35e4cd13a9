"""Words of the market AI, as plain values.

Units      Times are seconds since 1970 (UTC), prices and probabilities shares of 1, volumes in the market's own unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ModelStatus(StrEnum):
    """A candidate may be promoted; one version is live; the others are retired and can come back."""

    CANDIDATE = "candidate"
    LIVE = "live"
    RETIRED = "retired"


class RiskLevel(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Tick:
    """What became known of a contract at a moment. Counts are totals so far; ``None``: the source doesn't say.

    ``spread`` is the distance between the best offers of both sides, as a share of 1.
    """

    at: float
    price: float
    volume: float | None = None
    trades: int | None = None
    participants: int | None = None
    spread: float | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What features need that isn't in a contract's own ticks, each as it was known at the moment asked."""

    closes_at: float | None = None
    social_sentiment: float = 0.0
    news_sentiment: float = 0.0
    historical_accuracy: float | None = None
    category_risk: float | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """One answer that was traded and is known: what a model learns from and is measured on.

    ``known_at``: when the answer was public. No tick at or after ``ends_at`` may be looked at.
    ``group`` holds the contracts whose answers hang together; ``rival`` those of one event of which just one pays.
    """

    key: str
    source: str
    category: str
    group: str
    question: str
    opened_at: float
    closes_at: float | None
    ends_at: float
    known_at: float
    outcome: int
    ticks: tuple[Tick, ...]
    tones: Mapping[float, tuple[float, float]] | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """A contract at one moment: the features then, the price then, and the answer."""

    key: str
    source: str
    group: str
    at: float
    known_at: float
    price: float
    features: tuple[float, ...]
    outcome: int
    weight: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """``low`` to ``high`` holds what a share will pay four times in five; ``confidence``: chance that the side above
    one half is right."""

    probability: float
    low: float
    high: float
    confidence: float
