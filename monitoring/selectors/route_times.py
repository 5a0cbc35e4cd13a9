"""How long each route takes, as it was measured a moment ago.

Contract   Both numbers are means over what was measured in the last ``WINDOW``, weighted by measured seconds: of the
           half of the requests that is faster (p50) and of the one in twenty that is slower (p95), in milliseconds.
Bound      One statement, remembered for a minute by each process.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection

from common import clock
from common.caching.memory_cache import memory_cache

WINDOW: Final = timedelta(minutes=15)
_NAMES: Final = ("response_time_p50", "response_time_p95")
_TIMES: Final = """
SELECT s.dimension, s.name, sum(r.sum) / sum(r.count)
FROM monitoring_series s JOIN monitoring_sample r ON r.series_id = s.id
WHERE s.name = ANY(%(names)s) AND starts_with(s.dimension, 'route:') AND r.bucket > '{since}' AND r.count > 0
GROUP BY s.dimension, s.name
"""


@dataclass(frozen=True, slots=True)
class RouteTime:
    """Milliseconds."""

    p50: float
    p95: float


@memory_cache(ttl=60)
def route_times() -> dict[str, RouteTime]:
    """By ``GET /api/v1/markets``; a route that nobody asked lately isn't there."""
    found: dict[str, dict[str, float]] = {}
    with connection.cursor() as cursor:
        # A literal moment, so that only its partitions are planned.
        cursor.execute(_TIMES.format(since=(clock.now() - WINDOW).isoformat()), {"names": list(_NAMES)})
        for dimension, name, value in cursor.fetchall():
            found.setdefault(dimension.removeprefix("route:"), {})[name] = value
    return {
        route: RouteTime(values[_NAMES[0]], values[_NAMES[1]])
        for route, values in found.items()
        if len(values) == len(_NAMES)
    }
