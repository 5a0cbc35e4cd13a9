"""Which measures the operations pages show, and in which company.

Contract   Every name is one of the catalogue; a chart's series share a unit, so that they share an axis.
"""

from dataclasses import dataclass
from typing import Final

from monitoring.engine.catalogue import CATALOGUE
from monitoring.types import SeriesSpec


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart; ``label`` names it in the legend, ``number`` is its colour."""

    spec: SeriesSpec
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class ChartPlan:
    key: str
    title: str
    help: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    charts: tuple[ChartPlan, ...]


def _chart(key: str, title: str, *names: str) -> ChartPlan:
    """``names`` are ``series`` or ``series:label``."""
    pairs = [name.partition(":")[::2] for name in names]
    lines = tuple(
        Line(CATALOGUE[name], label or CATALOGUE[name].title, number)
        for number, (name, label) in enumerate(pairs, start=1)
    )
    if len(lines) == 1:
        return ChartPlan(key, title, lines[0].spec.help, lines)
    return ChartPlan(key, title, " ".join(f"{line.label}: {line.spec.help}" for line in lines), lines)


PERFORMANCE_CARDS: Final = (
    "health_score", "throughput", "response_time", "error_rate", "cpu_usage", "memory_usage",
    "cache_hit_rate", "db_pool_checked_out", "queue_age", "orders", "match_latency", "sockets",
)  # fmt: skip
ADVANCED_CARDS: Final = (
    "cpu_usage", "memory_usage", "cache_hit_rate", "response_time", "throughput", "health_score",
)  # fmt: skip

PERFORMANCE: Final = (
    Section("requests", "Requests", (
        _chart("throughput", "Throughput", "throughput"),
        _chart("latency", "Response time", "response_time_p95:p95", "response_time_p50:p50", "response_time_p99:p99"),
        _chart("errors", "Errors", "error_rate"),
    )),
    Section("system", "System", (
        _chart("cpu", "CPU", "cpu_usage"),
        _chart("memory", "Memory", "memory_usage"),
        _chart("pressure", "CPU waiting", "cpu_pressure:under pressure", "cpu_throttled:throttled"),
        _chart("disk", "Disk", "disk_read:read", "disk_write:written"),
        _chart("network", "Network", "network_in:in", "network_out:out"),
        _chart("lag", "Lag inside processes", "event_loop_lag:event loop", "thread_pool_lag:threads"),
    )),
    Section("data", "Database and cache", (
        _chart("query", "Query time", "db_query_time"),
        _chart("pool", "Connections", "db_pool_checked_out:in use", "db_pool_size:held", "db_pool_overflow:over plan"),
        _chart("cache", "Cache hits", "cache_hit_rate"),
    )),
    Section("flow", "Sockets and jobs", (
        _chart("sockets", "Open sockets", "sockets"),
        _chart("frames", "Socket frames", "frames_sent:sent", "frames_dropped:dropped"),
        _chart("queue", "Queue age", "queue_age"),
    )),
    Section("exchange", "Exchange", (
        _chart("orders", "Orders and trades", "orders", "trades"),
        _chart("match", "Match latency", "match_latency"),
        _chart("behind", "Work behind", "settlement_lag:settlement", "outbox_lag:announcements"),
    )),
)  # fmt: skip

ADVANCED: Final = (
    Section("system", "System over time", (
        _chart("system", "CPU and memory", "cpu_usage:CPU", "memory_usage:memory"),
        _chart("response", "Response time", "response_time:mean", "response_time_p95:p95"),
    )),
    Section("cache", "Cache", (
        _chart("cache", "Cache hits", "cache_hit_rate"),
        _chart("entries", "Cache entries", "cache_entries"),
    )),
    Section("traffic", "Traffic and health", (
        _chart("throughput", "Throughput", "throughput"),
        _chart("health", "Health", "health_score"),
    )),
)  # fmt: skip

#: What a breakdown compares, most telling first.
BY_PROCESS: Final = (
    "cpu_usage", "process_memory", "throughput", "response_time_p95", "event_loop_lag", "db_query_time", "tasks",
)  # fmt: skip
BY_ROUTE: Final = ("throughput", "response_time", "response_time_p95", "error_rate", "slow_requests")
