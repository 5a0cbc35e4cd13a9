"""Words of measuring, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal, NamedTuple

#: Redis names of what the processes tell; see ``monitoring.realtime.agent`` for who writes them.
CHANNEL: Final = "om:metrics"
STREAM: Final = "om:metrics:frames"
TOTALS: Final = "om:metrics:totals"
META: Final = "om:metrics:meta"
PROCESSES: Final = "om:metrics:processes"
#: Followed by the name of the process; gone ``PROCESS_TTL_S`` after its last frame.
PROCESS_PREFIX: Final = "om:metrics:process:"
PROCESS_TTL_S: Final = 5
STREAM_LENGTH: Final = 20_000
#: Header of a task's message: when it was sent, epoch seconds.
SENT_AT: Final = "sent_at"
#: How often the whole site is measured, and how long such a frame speaks for the seconds after it.
SITE_EVERY_S: Final = 5
SITE_HOLD_S: Final = 10

Better = Literal["low", "high"]
Aggregate = Literal["mean", "max", "min", "last", "sum"]
Group = Literal["system", "requests", "database", "cache", "sockets", "jobs", "exchange", "health"]


class Role(StrEnum):
    """What a process does; ``SITE`` is the frame about what no process owns."""

    WEB = "web"
    WORKER = "worker"
    BEAT = "beat"
    DEMO = "demo"
    SITE = "site"


class State(StrEnum):
    """How a value stands to its thresholds; ``UNKNOWN`` without value or thresholds."""

    GOOD = "good"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


class SeriesKey(NamedTuple):
    """``dimension`` is "" for the whole site, ``process:<process>`` or ``route:<METHOD template>``."""

    name: str
    dimension: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a value begins to be worth a warning and where it is critical; None is never."""

    warn: float | None = None
    critical: float | None = None


@dataclass(frozen=True, slots=True)
class SeriesSpec:
    """What a series means. ``aggregate`` is how its values within a longer step become one for charts."""

    name: str
    title: str
    unit: str
    group: Group
    better: Better | None
    warn: float | None
    critical: float | None
    decimals: int
    help: str
    aggregate: Aggregate = "mean"


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert as dashboards tell it; ``series`` is empty when it concerns all, ``state`` whether it still fires."""

    id: int
    at: datetime
    severity: str
    title: str
    detail: str
    series: str
    state: str


@dataclass(frozen=True, slots=True)
class AlertPanel:
    """``is_on``: whether rules are looked at."""

    is_on: bool
    lines: tuple[AlertLine, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What one process measured since its frame before; keys are those of ``common.metrics.keys``.

    ``at`` is the whole second (epoch) at which it ended, ``seconds`` how many it covers, ``number`` counts from 1
    within a ``boot``. A counter or sketch without an event may be absent.
    """

    process: str
    role: Role
    host: str
    pid: int
    boot: str
    number: int
    at: int
    started_at: float
    seconds: float
    gauges: Mapping[str, float | None]
    counters: Mapping[str, float]
    sketches: Mapping[str, Mapping[str, Any]]
