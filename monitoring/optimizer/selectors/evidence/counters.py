"""What all processes have counted so far, as far as the rules look at it.

Contract   One reading of Redis. Without Redis, or before anybody counted, everything is empty.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import redis

from common.metrics.keys import parsed
from monitoring.selectors.exposition import published_metrics

_COUNTED: Final = (
    "cache_reads_total",
    "cache_compute_seconds_sum",
    "cache_compute_seconds_count",
    "cache_evictions_total",
    "cache_written_bytes_total",
    "cache_keys_read_total",
    "cache_hottest_read_total",
    "repeated_statements_total",
    "repeating_requests_total",
    "http_requests_total",
)
_LEVELS: Final = ("cache_ttl_seconds", "cache_function_entries", "cache_function_entries_max")
_RESIDENT: Final = "process_resident_memory_bytes"
_MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Counted:
    """``totals`` by metric and labels; ``levels`` likewise, the highest of all processes; ``memory`` in MiB."""

    totals: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)
    memory: Mapping[str, float] = field(default_factory=dict)


def counted() -> Counted:
    try:
        published = published_metrics()
    except redis.RedisError:
        return Counted()
    totals = {text: float(value) for text, value in published.totals.items() if text.startswith(_COUNTED)}
    levels: dict[str, float] = defaultdict(float)
    memory = {}
    for process in published.processes:
        for text, level in process.gauges.items():
            if level is None:
                continue
            if text.startswith(_LEVELS):
                levels[text] = max(levels[text], level)
            elif text == _RESIDENT:
                memory[process.name] = level / _MIB
    return Counted(totals, dict(levels), memory)


def labelled(totals: Mapping[str, float], name: str) -> list[tuple[dict[str, str], float]]:
    """The totals of one metric with their labels."""
    found = []
    for text, value in totals.items():
        if text.startswith(name):
            metric, pairs = parsed(text)
            if metric == name:
                found.append((dict(pairs), value))
    return found
