"""Which alerts belong to one incident, and which of them probably came first.

Contract   An alert joins an incident when one of its alerts began within ``WINDOW_S`` of it and they are related: by
           the same rule, by the same process or route, by what the parts of the site depend on, or because the two
           rules have mostly fired together before. More than ``STORM`` alerts at the same moment are one incident.
           The probable cause is the alert that most others can follow from; among equals the one that began first.
Bound      New alerts times alerts of open incidents.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

from alerting.engine.labels import label
from alerting.types import LabelSet

WINDOW_S: Final = 300.0
STORM: Final = 20
_PLACES: Final = ("process", "route")
#: What can follow from what: the series on the right rise or fall when the one on the left is in trouble.
FOLLOWS: Final[Mapping[str, tuple[str, ...]]] = {
    "disk_usage": ("db_query_time", "outbox_lag", "health_score"),
    "memory_usage": ("cpu_pressure", "response_time", "health_score", "process_memory"),
    "cpu_throttled": ("cpu_usage", "cpu_pressure", "event_loop_lag", "response_time"),
    "cpu_usage": ("cpu_pressure", "event_loop_lag", "thread_pool_lag", "response_time", "queue_age", "db_query_time"),
    "cpu_pressure": ("event_loop_lag", "thread_pool_lag", "response_time", "queue_age"),
    "db_query_time": ("response_time", "match_latency", "task_time", "settlement_lag", "outbox_lag", "thread_pool_lag"),
    "db_pool_overflow": ("db_query_time", "response_time"),
    "cache_hit_rate": ("db_queries", "db_query_time", "response_time"),
    "redis_memory": ("cache_hit_rate", "queue_age", "outbox_lag"),
    "throughput": ("cpu_usage", "response_time", "thread_pool_lag", "db_queries"),
    "event_loop_lag": ("frames_dropped", "response_time"),
    "thread_pool_lag": ("response_time", "slow_requests"),
    "match_latency": ("response_time", "orders", "trades", "slow_requests"),
    "response_time": ("response_time_p95", "slow_requests", "throughput", "orders"),
    "response_time_p95": ("slow_requests", "orders"),
    "error_rate": ("orders", "trades", "volume", "health_score"),
    "queue_age": ("settlement_lag", "queue_length"),
    "task_failures": ("settlement_lag", "queue_length"),
    "outbox_lag": ("frames_sent",),
    "orders": ("trades", "volume"),
    "trades": ("volume",),
}


class Fact(NamedTuple):
    """An alert as far as folding looks at it."""

    id: int
    rule: str
    series: str
    labels: LabelSet
    started_at: float


class Cause(NamedTuple):
    """The probable first one, and why, as a sentence."""

    id: int
    reason: str


def incident_of(
    new: Fact,
    open_incidents: Mapping[int, Sequence[Fact]],
    together: Collection[frozenset[str]] = (),
) -> int | None:
    """The incident that a new alert joins: that of the closest in time. ``together`` are rules that fire together."""
    found: tuple[float, int] | None = None
    for incident, facts in open_incidents.items():
        for other in facts:
            apart_s = abs(new.started_at - other.started_at)
            if (
                apart_s <= WINDOW_S
                and is_related(new, other, together)
                and (found is None or (apart_s, incident) < found)
            ):
                found = (apart_s, incident)
    return None if found is None else found[1]


def is_related(one: Fact, other: Fact, together: Collection[frozenset[str]] = ()) -> bool:
    if one.rule == other.rule or frozenset((one.rule, other.rule)) in together:
        return True
    if any(label(one.labels, place) and label(one.labels, place) == label(other.labels, place) for place in _PLACES):
        return True
    return follows(one.series, other.series) or follows(other.series, one.series)


def follows(effect: str, cause: str) -> bool:
    """Whether trouble of one series can follow from that of another, directly or over one more."""
    direct = FOLLOWS.get(cause, ())
    return effect in direct or any(effect in FOLLOWS.get(step, ()) for step in direct)


def probable_cause(facts: Sequence[Fact]) -> Cause | None:
    """None without alerts."""
    if not facts:
        return None
    first = min(facts, key=lambda one: (-_effects(one, facts), one.started_at, one.id))
    others = len(facts) - 1
    if not others:
        return Cause(first.id, "It is the only alert of the incident.")
    effects = _effects(first, facts)
    earliest = min(one.started_at for one in facts)
    when = "it began first" if first.started_at == earliest else f"it began {first.started_at - earliest:.0f} s later"
    if effects:
        return Cause(first.id, f"{effects} of the {others} other alerts can follow from {first.series}, and {when}.")
    return Cause(first.id, f"None of the others depends on another, and {when}.")


def _effects(cause: Fact, facts: Sequence[Fact]) -> int:
    """How many others can follow from it; what began much earlier can't."""
    return sum(
        one.id != cause.id
        and follows(one.series, cause.series)
        and not follows(cause.series, one.series)
        and one.started_at >= cause.started_at - WINDOW_S / 5
        for one in facts
    )
