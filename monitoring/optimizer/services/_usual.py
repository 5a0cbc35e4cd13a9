"""Baselines that adapt: what is usual at this hour, and how far from it the site is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from monitoring.engine.catalogue import CATALOGUE
from monitoring.optimizer.engine.baselines import Baseline, adapted
from monitoring.optimizer.models import UsualValue

#: What counts for the score, each worse in the direction that the catalogue says.
SCORED: Final = (
    "cpu_usage", "memory_usage", "response_time", "response_time_p95", "error_rate", "db_query_time", "cache_hit_rate",
    "queue_age", "thread_pool_lag", "event_loop_lag",
)  # fmt: skip


def learn_usual(values: Mapping[str, float], now: datetime, *, is_frozen: bool) -> list[float]:
    """How far each scored series is from usual, above zero for the worse. An incident teaches nothing."""
    rows = {row.name: row for row in UsualValue.objects.filter(hour=now.hour)}
    distances, learnt = [], []
    for name, value in values.items():
        if name not in CATALOGUE:
            continue
        row = rows.get(name)
        baseline = Baseline(row.mean, row.spread, row.count) if row else None
        if baseline is not None and baseline.is_known and name in SCORED:
            sign = -1.0 if CATALOGUE[name].better == "high" else 1.0
            distances.append(sign * baseline.distance(value))
        if not is_frozen:
            new = adapted(baseline, value)
            learnt.append(UsualValue(name=name, hour=now.hour, mean=new.mean, spread=new.spread, count=new.count))
    UsualValue.objects.bulk_create(
        learnt, update_conflicts=True, unique_fields=["name", "hour"], update_fields=["mean", "spread", "count"]
    )
    return distances
