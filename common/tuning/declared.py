"""Every setting that may change while the site runs: its bounds, who reads it, and what it does.

Contract   A name is that of a spec, or ``spec:what`` where one setting exists for each of several things (each cached
           function). Whoever sets a value keeps it within the bounds; a process clamps what it is told all the same.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Subsystem(StrEnum):
    """Of each, one change at a time is under observation."""

    CACHE = "cache"
    MEMORY = "memory"
    DATABASE = "database"
    CONNECTION = "connection"
    QUERY = "query"
    QUEUE = "queue"
    SOCKETS = "sockets"


@dataclass(frozen=True, slots=True)
class TunableSpec:
    """``default`` is None where what the program says elsewhere counts; ``is_keyed``: one for each of many things."""

    name: str
    subsystem: Subsystem
    low: float
    high: float
    unit: str
    meaning: str
    default: float | None = None
    is_keyed: bool = False


_ALL: Final = (
    TunableSpec("cache_ttl_s", Subsystem.CACHE, 0.5, 3_600, "s", "How long a function's answer is fresh.", None, True),
    TunableSpec("cache_near_s", Subsystem.CACHE, 0, 5, "s", "How long a process keeps a shared answer.", 0.0, True),
    TunableSpec("cache_entries_max", Subsystem.CACHE, 10, 50_000, "entries", "Answers kept of a function.", None, True),
    TunableSpec("memory_collect_mb", Subsystem.MEMORY, 64, 65_536, "MiB", "Above it a process collects garbage."),
    TunableSpec("memory_recycle_mb", Subsystem.MEMORY, 96, 65_536, "MiB", "Above it a worker's child is replaced."),
    TunableSpec("http_threads", Subsystem.DATABASE, 2, 256, "threads", "Threads, and connections, of a web process."),
    TunableSpec("statement_timeout_ms", Subsystem.QUERY, 250, 60_000, "ms", "How long a web statement may take."),
    TunableSpec("lock_timeout_ms", Subsystem.DATABASE, 100, 10_000, "ms", "How long a web statement waits for a lock."),
    TunableSpec(
        "idle_timeout_ms", Subsystem.CONNECTION, 500, 60_000, "ms", "How long a web transaction may do nothing."
    ),
    TunableSpec("work_mem_kb", Subsystem.QUERY, 1_024, 65_536, "KiB", "Memory of a sort before it goes to disk."),
    TunableSpec("worker_prefetch", Subsystem.QUEUE, 1, 16, "tasks", "Tasks that each child of a worker reserves.", 1.0),
    TunableSpec("broadcast_interval_s", Subsystem.SOCKETS, 0.02, 1, "s", "Between two reads of a market's feed.", 0.05),
    TunableSpec("dashboard_interval_s", Subsystem.SOCKETS, 1, 10, "s", "Between two frames of a dashboard.", 1.0),
    # Counts: each time one grows, every process does it once.
    TunableSpec("cleanup_round", Subsystem.CACHE, 0, 1e15, "", "Caches drop what is no longer good.", 0.0),
    TunableSpec("collect_round", Subsystem.MEMORY, 0, 1e15, "", "Processes collect garbage.", 0.0),
    TunableSpec("reconnect_round", Subsystem.CONNECTION, 0, 1e15, "", "Threads open a new database connection.", 0.0),
)
TUNABLES: Final = {spec.name: spec for spec in _ALL}


def spec_of(name: str) -> TunableSpec | None:
    """The spec behind ``name``; None when nothing of this name is declared."""
    head, _, tail = name.partition(":")
    spec = TUNABLES.get(head)
    return spec if spec is not None and spec.is_keyed == bool(tail) else None


def clamped(name: str, value: float) -> float:
    """``value`` within the bounds of ``name``."""
    spec = spec_of(name)
    assert spec is not None, f"no setting {name} is declared"
    return min(max(value, spec.low), spec.high)
