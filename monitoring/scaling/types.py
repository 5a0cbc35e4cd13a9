"""Words of scaling, as plain values.

Amounts of the Kubernetes part are whole thousandths of a unit, as its own calculator has them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

#: What a target is called; the role of its processes.
WEB: Final = "web"
WORKER: Final = "worker"
#: What the key of a target's webhook is sealed for.
WEBHOOK_SEAL: Final = "scaling webhook"
#: Redis name of how many web processes the supervisor of ``make up`` shall run.
WANTED_WEB: Final = "om:scaling:web"


class Direction(StrEnum):
    OUT = "out"
    IN = "in"
    STAY = "stay"


class Select(StrEnum):
    """Which of several rate policies counts: the one that allows most, least, or no change at all."""

    MAX = "Max"
    MIN = "Min"
    DISABLED = "Disabled"


class RateKind(StrEnum):
    PODS = "Pods"
    PERCENT = "Percent"


class Fallback(StrEnum):
    """What counts when every metric has been missing for a while."""

    HOLD = "hold"
    STATIC = "static"
    HIGHER = "higher"
    LOWER = "lower"


class Mode(StrEnum):
    """What the predictive part may do: nothing, be stored beside, or add instances."""

    OFF = "off"
    FORECAST_ONLY = "forecast_only"
    ON = "on"


class Pause(StrEnum):
    """Which changes are withheld; a manual override passes."""

    NONE = "none"
    ALL = "all"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Instance:
    """One running instance: ``used`` and ``requested`` in thousandths; ``used`` is None when nobody measured it."""

    used: int | None
    requested: int = 1000
    is_ready: bool = True


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far the ratio of usage and target may be from 1 before anything changes."""

    out: float = 0.1
    into: float = 0.1

    def allows(self, ratio: float) -> bool:
        return 1.0 - self.into <= ratio <= 1.0 + self.out


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``value`` instances, or percent of what there was, within ``period_s``."""

    kind: RateKind
    value: int
    period_s: float


@dataclass(frozen=True, slots=True)
class Rules:
    """How one direction behaves."""

    window_s: float
    rates: tuple[Rate, ...]
    select: Select = Select.MAX


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Kubernetes' defaults: out at once, by the larger of double and four in 15 s; in after five minutes."""

    out: Rules = Rules(0.0, (Rate(RateKind.PODS, 4, 15.0), Rate(RateKind.PERCENT, 100, 15.0)))
    into: Rules = Rules(300.0, (Rate(RateKind.PERCENT, 100, 15.0),))


@dataclass(frozen=True, slots=True)
class Moment:
    """``at`` in seconds; ``count`` is a recommendation, or by how many instances something changed."""

    at: float
    count: int


@dataclass(frozen=True, slots=True)
class Memory:
    """What the past says: recommendations before smoothing, and the changes that were made."""

    recommendations: tuple[Moment, ...] = ()
    outs: tuple[Moment, ...] = ()
    ins: tuple[Moment, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one policy asks for; ``count`` is None when its metric is missing."""

    policy: str
    value: float | None
    count: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Clamp:
    """A bound that changed a count, and why."""

    name: str
    before: int
    after: int


def largest(proposals: Sequence[Proposal]) -> int | None:
    """The largest count that is known."""
    return max((one.count for one in proposals if one.count is not None), default=None)
