"""Words of alerting, as plain values. Times are epoch seconds of any one clock, spans are seconds."""

from dataclasses import dataclass
from datetime import tzinfo
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple

#: Sorted by name, without empty values: a missing label and an empty one are the same.
LabelSet = tuple[tuple[str, str], ...]
#: From and to, both included.
Span = tuple[int, int]

ALERT_NAME: Final = "alertname"
SEVERITY: Final = "severity"


class Severity(IntEnum):
    """Greater is worse."""

    INFO = 1
    WARNING = 2
    CRITICAL = 3
    EMERGENCY = 4


class State(StrEnum):
    """Where an alert stands. ``RECOVERING`` still fires: its condition has ended and must stay away for a while."""

    NORMAL = "normal"
    PENDING = "pending"
    ALERTING = "alerting"
    RECOVERING = "recovering"
    NO_DATA = "no_data"
    ERROR = "error"


class Cause(StrEnum):
    """What one evaluation found for one label set."""

    CALM = "calm"
    BREACH = "breach"
    NO_DATA = "no_data"
    ERROR = "error"


class Policy(StrEnum):
    """What missing data or an error means: a state of its own, a breach, nothing wrong, or what was before."""

    OWN = "own"
    ALERT = "alert"
    OK = "ok"
    KEEP = "keep"


class Kind(StrEnum):
    """How a rule judges its values."""

    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"
    EQ = "eq"
    NE = "ne"
    OUTSIDE = "outside"
    CHANGE = "change"
    RATE = "rate"
    ABSENT = "absent"
    ANOMALY = "anomaly"
    FORECAST = "forecast"
    BURN_RATE = "burn_rate"
    SEASONAL = "seasonal"


class Level(NamedTuple):
    """From which threshold on a breach has which severity; ``low`` is the lower end of ``outside``."""

    severity: Severity
    threshold: float
    low: float = 0.0


class Clock(NamedTuple):
    """Minutes of a day, the end excluded; 1440 is its end."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Moments of the calendar of a zone; every field that is given must hold, and of a field any one entry.

    Weekdays are 0 (Monday) to 6; days of the month 1 to 31, or -1 (the last) to -31.
    """

    name: str
    zone: tzinfo
    clocks: tuple[Clock, ...] = ()
    weekdays: tuple[Span, ...] = ()
    days: tuple[Span, ...] = ()
    months: tuple[Span, ...] = ()
    years: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What is watched. Levels are in the order of their severities, the worst last.

    ``by`` asks each ``process`` or ``route`` for itself. ``fresh_s`` is how old a value may be to count as now.
    What the further fields mean to which kind is told in ``alerting.engine.conditions``.
    """

    name: str
    expression: str
    kind: Kind
    levels: tuple[Level, ...]
    by: str = ""
    for_s: float = 0.0
    keep_firing_s: float = 0.0
    no_data: Policy = Policy.OWN
    on_error: Policy = Policy.OWN
    labels: LabelSet = ()
    fresh_s: float = 60.0
    window_s: float = 300.0
    short_window_s: float = 0.0
    horizon_s: float = 1800.0
    probability: float = 0.8
    objective: float = 99.9
    period_s: float = 86_400.0
    periods: int = 7
    is_relative: bool = True
    is_downward: bool = False
    has_flap_guard: bool = False
    hours: tuple[Hours, ...] = ()
    description: str = ""
    owner: str = ""
    runbook: str = ""


class Signal(NamedTuple):
    """What an evaluation found. ``severity`` of a breach, ``value`` that was judged, ``note`` in words."""

    cause: Cause
    severity: Severity | None = None
    value: float | None = None
    note: str = ""


class Instance(NamedTuple):
    """One label set of a rule that isn't normal, or was not long ago.

    ``since`` is when it came into its state, ``cause_since`` when evaluations began to find this cause.
    ``fired_at`` is None until it fires, ``level_at`` is when it came to fire with its severity and for its cause;
    ``turns`` are when it lately began and ended to fire.
    """

    labels: LabelSet
    state: State
    since: float
    cause: Cause
    cause_since: float
    severity: Severity
    value: float | None = None
    fired_at: float | None = None
    level_at: float | None = None
    turns: tuple[float, ...] = ()

    @property
    def level(self) -> tuple[Severity, State]:
        return level_of(self.state, self.severity)


def level_of(state: State, severity: Severity) -> tuple[Severity, State]:
    """What an alert that fires is told as: a recovery is still the alert."""
    return severity, State.ALERTING if state is State.RECOVERING else state


class Transition(NamedTuple):
    """A change of state or severity, with its reason as a sentence."""

    at: float
    labels: LabelSet
    before: State
    after: State
    severity: Severity
    value: float | None
    reason: str


FIRING: Final = frozenset({State.ALERTING, State.RECOVERING, State.NO_DATA, State.ERROR})
