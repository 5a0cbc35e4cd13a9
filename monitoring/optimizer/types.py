"""Words of the optimizer, as plain values. Shares are parts of one; a change of -0.3 is 30 percent less."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from common.tuning.declared import Subsystem

#: What the optimizer's own indexes are called, so that it never touches another.
INDEX_PREFIX: Final = "om_tuned_"


class Strategy(StrEnum):
    AGGRESSIVE = "aggressive"
    BALANCED = "balanced"
    CONSERVATIVE = "conservative"


class Risk(StrEnum):
    """``LOW``: reversible, in memory, within bounds. ``MEDIUM``: may refuse or slow somebody. ``HIGH``: changes what
    is stored beside the data."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Act(StrEnum):
    """What is done: set a tunable, start a round of one, or a statement of PostgreSQL; or only said."""

    SET = "set"
    ROUND = "round"
    VACUUM = "vacuum"
    ANALYZE = "analyze"
    CREATE_INDEX = "create_index"
    DROP_INVALID = "drop_invalid_index"
    ADVICE = "advice"


#: What has a way back. A round, a vacuum and an analysis leave nothing to take back.
REVERSIBLE: Final = frozenset({Act.SET, Act.CREATE_INDEX})


class Status(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    AUTOMATIC = "automatic"
    APPLIED = "applied"
    OBSERVING = "observing"
    KEPT = "kept"
    REVERTED = "reverted"
    INCONCLUSIVE = "inconclusive"
    FAILED = "failed"
    DISMISSED = "dismissed"
    OUTDATED = "outdated"


#: Somebody may still act on it; at most one of a subject is open.
OPEN: Final = frozenset({Status.PROPOSED, Status.APPROVED, Status.AUTOMATIC, Status.APPLIED, Status.OBSERVING})
#: Its change is in force and being watched.
WATCHED: Final = frozenset({Status.APPLIED, Status.OBSERVING})


@dataclass(frozen=True, slots=True)
class Action:
    """``target`` is a tunable, a table or an index; ``details`` holds what the act needs beside it."""

    act: Act
    target: str = ""
    value: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_reversible(self) -> bool:
        return self.act in REVERSIBLE


@dataclass(frozen=True, slots=True)
class Effect:
    """How ``metric`` should change: 80 percent sure between ``low`` and ``high``, compared at the same ``load``."""

    metric: str
    expected: float
    low: float
    high: float
    load: str = "throughput"
    #: More of it is better, as of a hit rate.
    is_gain: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """``priority`` from 1 to 100. ``evidence_query`` is what anybody can ask to see the same."""

    rule: str
    subject: str
    subsystem: Subsystem
    title: str
    why: str
    evidence: Mapping[str, Any]
    evidence_query: str
    action: Action
    risk: Risk
    effect: Effect
    blast_radius: str
    undo: str
    priority: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of pg_stat_statements since the last look."""

    id: str
    text: str
    calls: int
    mean_ms: float
    rows: float = 0.0
    temp_blocks: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of scans and writes are since the last look, ``live`` and ``dead`` rows as they are."""

    name: str
    live: int
    dead: int
    sequential: int
    sequential_rows: int
    by_index: int
    written: int
    changed_since_analyze: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Index:
    """``scans`` and the table's counts are since statistics began. ``definition`` is without name and table."""

    name: str
    table: str
    scans: int
    table_scans: int
    table_written: int
    bytes: int
    is_unique: bool
    is_valid: bool
    definition: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexProof:
    """What the planner says: costs before and after. ``how`` it was asked: ``hypopg`` or ``sample``."""

    statement_id: str
    table: str
    columns: tuple[str, ...]
    cost_before: float
    cost_after: float
    how: str
    rows: int

    @property
    def saving(self) -> float:
        return 1 - self.cost_after / self.cost_before if self.cost_before > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Session:
    """A session of PostgreSQL that waits, holds or works: ``blocked`` is how many wait for it."""

    pid: int
    state: str
    seconds: float
    query: str
    blocked: int = 0
    is_waiting_for_lock: bool = False


@dataclass(frozen=True, slots=True)
class CacheUse:
    """Reads of one cached function since the last look; ``found`` of them were answered."""

    cache: str
    function: str
    reads_per_s: float
    found: float
    ttl_s: float
    compute_ms: float | None = None
    entries: int = 0
    entries_max: int = 0
    evicted_per_s: float = 0.0
    bytes_written: float = 0.0
    hottest: float = 0.0


@dataclass(frozen=True, slots=True)
class Repeat:
    """A route whose requests send one statement over and over."""

    route: str
    statement: str
    requests: int
    times: float


@dataclass(frozen=True, slots=True)
class Queue:
    name: str
    length: int
    age_s: float | None
    reserved: int = 0


@dataclass(frozen=True, slots=True)
class Store:
    """Redis: bytes used and allowed (0: no limit), keys given up since the last look."""

    used: int = 0
    allowed: int = 0
    evicted: int = 0
    fragmentation: float = 1.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that the rules look at. ``values`` are means of the last minutes by series; missing is not known."""

    seconds: float = 60.0
    values: Mapping[str, float] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()
    tables: tuple[Table, ...] = ()
    indexes: tuple[Index, ...] = ()
    proofs: tuple[IndexProof, ...] = ()
    sessions: tuple[Session, ...] = ()
    caches: tuple[CacheUse, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    queues: tuple[Queue, ...] = ()
    store: Store = Store()
    #: What is in force: tunables by name, with what the program says where nobody has tuned.
    settings: Mapping[str, float] = field(default_factory=dict)
    #: Resident MiB of each process, by name.
    memory: Mapping[str, float] = field(default_factory=dict)
    connections_max: int = 0
