"""From the frames of one second to the values of the series.

Contract   Pure. The whole site has every name of the catalogue, None where nobody told; a process and a route have
           only what they can tell. A rate is 0 when somebody who could count it was there and counted nothing.
           A repeated frame counts once, the one with the highest number of a process.
Bound      Linear in the keys of the frames.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Final

from monitoring.engine.catalogue import DEFAULT_THRESHOLDS
from monitoring.engine.health import health_score
from monitoring.engine.pool import Pool, pool_of, pools_by_route
from monitoring.types import Frame, Role, SeriesKey, Thresholds

Rule = Callable[[Pool], float | None]
Values = dict[SeriesKey, float | None]

_MS: Final = 1000.0
_PERCENT: Final = 100.0
#: Reads of caches in a minute from which on their hit rate means something.
CACHE_READS_MIN: Final = 20
_WEB: Final = frozenset({Role.WEB})
_WORKER: Final = frozenset({Role.WORKER})
#: Every one that may execute commands of traders.
_TRADING: Final = frozenset({Role.WEB, Role.WORKER, Role.DEMO})
_PROCESSES: Final = frozenset(Role) - {Role.SITE}


def derive(
    frames: Iterable[Frame],
    *,
    routes: Collection[str] = (),
    thresholds: Mapping[str, Thresholds] = DEFAULT_THRESHOLDS,
) -> Values:
    """The value of each series. ``routes`` are known ones (``GET /markets``), which had no request if none is told."""
    frames = _newest_of_each(frames)
    pool = pool_of(frames)
    values: Values = {SeriesKey(name): rule(pool) for name, rule in RULES.items()}
    told = {key.name: value for key, value in values.items()}
    values[SeriesKey("health_score")] = health_score(told, thresholds)
    for frame in frames:
        if frame.role is not Role.SITE:
            values |= _known(f"process:{frame.process}", _PROCESS_RULES, pool_of([frame]))
    by_route = pools_by_route(frames)
    quiet = dict.fromkeys(routes, Pool(_WEB)) if Role.WEB in pool.roles else {}
    for route, asked in (quiet | by_route).items():
        values |= _known(f"route:{route}", _ROUTE_RULES, asked)
    return values


def _newest_of_each(frames: Iterable[Frame]) -> list[Frame]:
    newest: dict[tuple[str, str], Frame] = {}
    for frame in sorted(frames, key=lambda one: one.number):
        newest[frame.process, frame.boot] = frame
    return list(newest.values())


def _known(dimension: str, rules: Mapping[str, Rule], pool: Pool) -> Values:
    values = ((name, rule(pool)) for name, rule in rules.items())
    return {SeriesKey(name, dimension): value for name, value in values if value is not None}


def _rate(name: str, by: frozenset[Role], pool: Pool) -> float | None:
    return pool.rate(name) if pool.roles & by else None


def _mean(name: str, unit: float, pool: Pool) -> float | None:
    mean = pool.sketch(name).mean
    return None if mean is None else mean * unit


def _quantile(name: str, share: float, pool: Pool) -> float | None:
    quantile = pool.sketch(name).quantile(share)
    return None if quantile is None else quantile * _MS


def _level(name: str, how: Callable[[list[float]], float], pool: Pool) -> float | None:
    levels = pool.levels(name)
    return how(levels) if levels else None


def _machine(name: str, how: Callable[[list[float]], float], unit: float, pool: Pool) -> float | None:
    levels = pool.levels_by_host(name)
    return how(levels) * unit if levels else None


def _percentage(name: str, pool: Pool) -> float | None:
    levels = pool.levels(name)
    return max(levels) * _PERCENT if levels else None


def _average(levels: list[float]) -> float:
    return sum(levels) / len(levels)


def _sockets(pool: Pool) -> float | None:
    # Who served none yet has not said so.
    return sum(pool.levels("sockets_open")) if pool.roles & _WEB else None


def _share(part: float, whole: float) -> float | None:
    return part / whole * _PERCENT if whole else None


def _is_error(labels: dict[str, str]) -> bool:
    # A status that nobody told ("other" among them) is no failure.
    return labels.get("status", "").startswith("5")


def _error_rate(pool: Pool) -> float | None:
    return _share(pool.rate("http_requests_total", _is_error), pool.rate("http_requests_total"))


def _status_rate(status: str, pool: Pool) -> float | None:
    """Answers with a status, a minute."""
    if not pool.roles & _WEB:
        return None
    return pool.rate("http_requests_total", lambda labels: labels.get("status") == status) * 60


def _login_failures(pool: Pool) -> float | None:
    return pool.rate("login_failures_total") * 60 if pool.roles & _WEB else None


def _cache_hit_rate(pool: Pool) -> float | None:
    """Of the last minute; fewer than ``CACHE_READS_MIN`` reads say nothing."""
    asked, found = sum(pool.levels("cache_recent_reads")), sum(pool.levels("cache_recent_hits"))
    return _share(found, asked) if asked >= CACHE_READS_MIN else None


def _is_accepted(labels: dict[str, str]) -> bool:
    return labels.get("outcome") == "accepted"


def _is_failed(labels: dict[str, str]) -> bool:
    return labels.get("outcome") == "failed"


def _orders(pool: Pool) -> float | None:
    return pool.rate("orders_total", _is_accepted) if pool.roles & _TRADING else None


def _task_failures(pool: Pool) -> float | None:
    return pool.rate("tasks_total", _is_failed) if pool.roles & _WORKER else None


def _volume(pool: Pool) -> float | None:
    return pool.rate("trade_volume_credits_total") * 60 if pool.roles & _TRADING else None


def _process_cpu(pool: Pool) -> float:
    return pool.rate("process_cpu_seconds_total") * _PERCENT


RULES: Final[Mapping[str, Rule]] = {
    "cpu_usage": partial(_machine, "machine_cpu_ratio", _average, _PERCENT),
    "memory_usage": partial(_machine, "machine_memory_ratio", max, _PERCENT),
    "memory_available": partial(_machine, "machine_memory_available_bytes", min, 1.0),
    "disk_usage": partial(_machine, "machine_disk_ratio", max, _PERCENT),
    "disk_read": partial(_machine, "machine_disk_read_bytes", sum, 1.0),
    "disk_write": partial(_machine, "machine_disk_write_bytes", sum, 1.0),
    "network_in": partial(_machine, "machine_network_in_bytes", sum, 1.0),
    "network_out": partial(_machine, "machine_network_out_bytes", sum, 1.0),
    "cpu_throttled": partial(_machine, "machine_cpu_throttled_ratio", max, _PERCENT),
    "cpu_pressure": partial(_machine, "machine_cpu_pressure_ratio", max, _PERCENT),
    "event_loop_lag": partial(_quantile, "event_loop_lag_seconds", 0.95),
    "thread_pool_lag": partial(_quantile, "thread_wait_seconds", 0.95),
    "certificate_days": partial(_level, "certificate_days", min),
    "process_memory": partial(_level, "process_resident_memory_bytes", sum),
    "throughput": partial(_rate, "http_requests_total", _WEB),
    "response_time": partial(_mean, "http_request_seconds", _MS),
    "response_time_p50": partial(_quantile, "http_request_seconds", 0.5),
    "response_time_p95": partial(_quantile, "http_request_seconds", 0.95),
    "response_time_p99": partial(_quantile, "http_request_seconds", 0.99),
    "error_rate": _error_rate,
    "slow_requests": partial(_rate, "http_slow_requests_total", _WEB),
    "login_failures": _login_failures,
    "refused_keys": partial(_status_rate, "401"),
    "refused_permissions": partial(_status_rate, "403"),
    "db_pool_size": partial(_level, "db_connections_held", sum),
    "db_pool_checked_out": partial(_level, "db_connections_in_use", sum),
    "db_pool_overflow": partial(_level, "db_connections_over", sum),
    "db_query_time": partial(_mean, "db_query_seconds", _MS),
    "db_queries": partial(_rate, "db_queries_total", _PROCESSES),
    "db_connections": partial(_level, "db_server_connections", max),
    "replication_lag": partial(_level, "replication_lag_seconds", max),
    "cache_hit_rate": _cache_hit_rate,
    "cache_entries": partial(_level, "cache_entries", sum),
    "cache_memory": partial(_level, "cache_bytes", sum),
    "redis_memory": partial(_level, "redis_memory_bytes", max),
    "redis_clients": partial(_level, "redis_clients", max),
    "redis_operations": partial(_level, "redis_operations", max),
    "sockets": _sockets,
    "frames_sent": partial(_rate, "socket_frames_total", _WEB),
    "frames_dropped": partial(_rate, "socket_frames_dropped_total", _WEB),
    "queue_age": partial(_level, "queue_age_seconds", max),
    "queue_length": partial(_level, "queue_length", sum),
    "tasks": partial(_rate, "tasks_total", _WORKER),
    "task_time": partial(_mean, "task_seconds", _MS),
    "task_failures": _task_failures,
    "task_retries": partial(_rate, "task_retries_total", _WORKER),
    "orders": _orders,
    "trades": partial(_rate, "trades_total", _TRADING),
    "match_latency": partial(_quantile, "match_seconds", 0.95),
    "batch_size": partial(_mean, "batch_commands", 1.0),
    "book_depth": partial(_level, "book_depth_credits", max),
    "settlement_lag": partial(_level, "settlement_lag_seconds", max),
    "outbox_lag": partial(_level, "outbox_lag_seconds", max),
    "ledger_check": partial(_level, "ledger_check", min),
    "open_markets": partial(_level, "open_markets", max),
    "active_traders": partial(_level, "active_traders", max),
    "volume": _volume,
    "maker_loss": partial(_percentage, "maker_loss_ratio"),
    "wash_trading": partial(_percentage, "wash_trading_ratio"),
}
_ROUTE_NAMES: Final = (
    "throughput",
    "response_time",
    "response_time_p50",
    "response_time_p95",
    "response_time_p99",
    "error_rate",
    "slow_requests",
)
_ROUTE_RULES: Final = {name: RULES[name] for name in _ROUTE_NAMES}
_PROCESS_NAMES: Final = (
    *("event_loop_lag", "thread_pool_lag", "process_memory", "throughput", "response_time", "response_time_p95"),
    *("error_rate", "db_pool_size", "db_pool_checked_out", "db_query_time", "db_queries", "sockets"),
    *("frames_sent", "frames_dropped", "tasks", "task_time", "orders", "trades", "match_latency", "cache_hit_rate"),
)
_PROCESS_RULES: Final[Mapping[str, Rule]] = {
    "cpu_usage": _process_cpu,
    **{name: RULES[name] for name in _PROCESS_NAMES},
}
