"""What the pages and the API show: recommendations, settings, cycles, the metrics and where they go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Q
from django.utils.module_loading import import_string

from common import clock
from common.caching.memory_cache import memory_cache
from monitoring.engine.catalogue import CATALOGUE
from monitoring.engine.health import state_of
from monitoring.optimizer.engine.trend import AHEAD_MIN, Trend, trend
from monitoring.optimizer.models import Cycle, Recommendation, Tunable, UsualValue
from monitoring.optimizer.selectors.switch import SwitchState, switch_state
from monitoring.optimizer.types import OPEN, Status
from monitoring.selectors.history import history
from monitoring.selectors.latest import latest
from monitoring.selectors.thresholds import current_thresholds
from monitoring.types import SeriesKey

LIMIT_MAX: Final = 200
#: The fourteen metrics of the optimizer and some more, by what they belong to.
METRICS: Final = (
    "cpu_usage", "memory_usage", "disk_usage", "memory_available",
    "cache_hit_rate", "cache_entries", "cache_memory",
    "db_pool_size", "db_pool_checked_out", "db_pool_overflow", "db_query_time",
    "response_time", "response_time_p95", "error_rate", "throughput",
    "thread_pool_lag", "event_loop_lag", "queue_age", "process_memory",
)  # fmt: skip
_FRESH_S: Final = 60.0
_PAST: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class MetricNow:
    """``usual`` and ``spread`` are those of this hour of the day; None while nobody knows."""

    name: str
    title: str
    unit: str
    value: float | None
    state: str
    usual: float | None
    spread: float | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A straight line 30 minutes ahead, and what the forecasting system says of the same time (None: nothing)."""

    name: str
    title: str
    unit: str
    line: Trend
    better: Any


@dataclass(frozen=True, slots=True)
class Standing:
    """How the optimizer stands."""

    score: int | None
    optimised_at: datetime | None
    open_count: int
    watched_count: int
    kept: int
    reverted: int
    inconclusive: int


def recommendations(*, is_open: bool, before: int | None = None, limit: int = 50) -> list[Recommendation]:
    """Open ones by priority, or the history, the newest first."""
    found = Recommendation.objects.select_related("decided_by")
    if is_open:
        return list(found.filter(status__in=OPEN).order_by("-priority", "pk")[:limit])
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.exclude(status__in=OPEN).order_by("-pk")[:limit])


def open_and_ended(*, ended: int, limit: int = 50) -> tuple[list[Recommendation], list[Recommendation]]:
    """Open ones by priority, and the newest ``ended`` of the history; one statement."""
    history = Recommendation.objects.exclude(status__in=OPEN).order_by("-pk").values("pk")[:ended]
    found = Recommendation.objects.select_related("decided_by").filter(Q(status__in=OPEN) | Q(pk__in=history))
    rows = list(found.order_by("-priority", "pk"))
    past = sorted((row for row in rows if row.status not in OPEN), key=lambda row: -row.pk)
    return [row for row in rows if row.status in OPEN][:limit], past


def actions(*, before: int | None = None, limit: int = 50) -> list[Recommendation]:
    """What was done, the newest first: everything that was ever in force, or failed on the way."""
    found = Recommendation.objects.select_related("decided_by").exclude(
        status__in=(Status.PROPOSED, Status.OUTDATED, Status.DISMISSED)
    )
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found.order_by("-pk")[:limit])


def tunables() -> list[Tunable]:
    """What differs from the program's own."""
    return list(Tunable.objects.select_related("changed_by").exclude(name__endswith="_round"))


def cycles(limit: int = 20) -> list[Cycle]:
    return list(Cycle.objects.order_by("-at")[:limit])


def standing() -> Standing:
    row = switch_state()
    return standing_of(row, dict(Recommendation.objects.values_list("status").annotate(count=Count("id"))))


def standing_of(row: SwitchState, counts: Mapping[str, int]) -> Standing:
    """``counts`` are the recommendations by their status."""
    return Standing(
        score=row.score,
        optimised_at=row.optimised_at,
        open_count=sum(counts.get(status, 0) for status in OPEN),
        watched_count=counts.get(Status.APPLIED, 0) + counts.get(Status.OBSERVING, 0),
        kept=counts.get(Status.KEPT, 0),
        reverted=counts.get(Status.REVERTED, 0),
        inconclusive=counts.get(Status.INCONCLUSIVE, 0),
    )


def metrics_now() -> list[MetricNow]:
    """Each of ``METRICS`` at this moment, beside what is usual at this hour."""
    values, limits = latest(names=list(METRICS), age_s_max=_FRESH_S), current_thresholds()
    usual = {row.name: row for row in UsualValue.objects.filter(hour=clock.now().hour, name__in=METRICS)}
    found = []
    for name in METRICS:
        spec, newest, known = CATALOGUE[name], values.get(SeriesKey(name)), usual.get(name)
        value = newest.value if newest else None
        found.append(
            MetricNow(
                name=name,
                title=spec.title,
                unit=spec.unit,
                value=value,
                state=state_of(name, value, limits.get(name)).value,
                usual=known.mean if known else None,
                spread=known.spread if known else None,
            )
        )
    return found


@memory_cache(20)
def outlooks(names: tuple[str, ...] = METRICS) -> list[Outlook]:
    """Where each series goes; those that are too young are left out. Points come each minute."""
    end = clock.now()
    keys = [SeriesKey(name) for name in names]
    lines = history(series=keys, start=end - _PAST, end=end, step_s=60, aggregate="mean").lines
    forecasts = {one.name: one for one in import_string(settings.OPTIMIZER_FORECASTS)() if one.horizon_min == AHEAD_MIN}
    found = []
    for line in lines:
        straight = trend(line.values)
        if straight is not None:
            spec = CATALOGUE[line.key.name]
            found.append(Outlook(spec.name, spec.title, spec.unit, straight, forecasts.get(spec.name)))
    return found
