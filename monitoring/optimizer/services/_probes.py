"""Measure what is no series of the site, for the recommendations that wait to be done or are being watched.

Contract   One point each time, of what happened since the time before. What was not asked for meanwhile has no point.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from common.caching.metrics import HITS
from monitoring.optimizer.models import ProbePoint, Recommendation
from monitoring.optimizer.selectors.evidence import postgres
from monitoring.optimizer.selectors.evidence.counters import counted, labelled
from monitoring.optimizer.types import OPEN

KEPT: Final = timedelta(days=2)
_SEPARATOR: Final = ":"


def probe(before: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """``before`` are the counts of the last time; the answer is those of this time."""
    names = set(Recommendation.objects.filter(status__in=OPEN).values_list("metric", flat=True))
    wanted = sorted(name for name in names if _SEPARATOR in name)
    if not wanted:
        return {}
    counts = _statements(wanted) | _caches(wanted)
    seconds = max(now.timestamp() - float(before.get("at", now.timestamp())), 1.0)
    points = []
    for name, (whole, part) in counts.items():
        old = before.get("counts", {}).get(name)
        if old is not None and whole > old[0] and part >= old[1]:
            value = (part - old[1]) / (whole - old[0])
            points.append(ProbePoint(name=name, at=now, value=value, load=(whole - old[0]) / seconds))
    ProbePoint.objects.bulk_create(points)
    ProbePoint.objects.filter(at__lt=now - KEPT).delete()
    return {"at": now.timestamp(), "counts": counts}


def _statements(wanted: list[str]) -> dict[str, list[float]]:
    """Calls and milliseconds."""
    ids = {name.partition(_SEPARATOR)[2]: name for name in wanted if name.startswith("statement:")}
    if not ids:
        return {}
    totals = postgres.statement_totals()
    return {ids[key]: [one.calls, one.milliseconds] for key, one in totals.items() if key in ids}


def _caches(wanted: list[str]) -> dict[str, list[float]]:
    """Reads, and those that found something."""
    functions = {name.partition(_SEPARATOR)[2]: name for name in wanted if name.startswith("cache:")}
    found: dict[str, list[float]] = {}
    if not functions:
        return found
    for labels, value in labelled(counted().totals, "cache_reads_total"):
        name = functions.get(labels["function"])
        if name is not None and labels["outcome"] != "bypass":
            counts = found.setdefault(name, [0.0, 0.0])
            counts[0] += value
            counts[1] += value if labels["outcome"] in HITS else 0.0
    return found
