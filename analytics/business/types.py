"""Words of business figures, as plain values."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Unit(StrEnum):
    """What a value counts in: credits come as cash units, shares (of an outcome) as lots, a share (part) as 0..1."""

    COUNT = "count"
    CREDITS = "credits"
    SHARES = "shares"
    SHARE = "share"
    POINTS = "points"
    HOURS = "hours"
    SCORE = "score"


class Grain(StrEnum):
    """Days are those of UTC, weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    TOTAL = "total"


class Dimension(StrEnum):
    TOPIC = "topic"
    MARKET = "market"
    KIND = "kind"
    SEGMENT = "segment"


class Owner(StrEnum):
    """Who answers for a figure."""

    GROWTH = "growth"
    TRADING = "trading desk"
    FINANCE = "finance"
    OPERATIONS = "market operations"


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of the catalogue: the sum of the measures ``numerator``, divided by the sum of ``denominator`` and
    multiplied by ``scale`` where there is one, so that a ratio of many days is never a mean of ratios.

    ``grain`` is the finest there is. ``source`` names the rollups that hold it, ``drill`` the rows behind it.
    """

    name: str
    title: str
    formula: str
    unit: Unit
    owner: Owner
    source: str
    help: str
    dimensions: tuple[Dimension, ...] = ()
    grain: Grain = Grain.DAY
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    scale: float = 1.0
    drill: str = "markets"

    @property
    def is_ratio(self) -> bool:
        return bool(self.denominator)


@dataclass(frozen=True, slots=True)
class MetricRow:
    """``value`` is None where it is unknown, such as a mean of nothing; never zero instead."""

    start: date
    dimensions: tuple[str, ...]
    value: int | float | None
