"""A metric and its load, moment by moment, before and after a change.

Contract   Before: the hour up to the change, and the same time of the day before with half an hour around it. A metric
           is a series of the site, or one of the probes (``statement:``, ``cache:``).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from monitoring.optimizer.engine.effects import Moment
from monitoring.optimizer.models import ProbePoint

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_AROUND: Final = timedelta(minutes=30)
#: Until every process has followed; what is measured meanwhile is neither before nor after.
SETTLE: Final = timedelta(seconds=10)
_SERIES: Final = """
SELECT r.bucket, s.name, r.sum / r.count
FROM monitoring_sample r JOIN monitoring_series s ON s.id = r.series_id
WHERE s.name = ANY(%s) AND s.dimension = '' AND r.bucket >= '{start}' AND r.bucket < '{end}'
"""


def moments_around(
    metric: str, load: str, *, applied_at: datetime, until: datetime
) -> tuple[list[Moment], list[Moment]]:
    """Moments before and after ``applied_at``."""
    span = min(until - applied_at, _HOUR)
    before = _moments(metric, load, applied_at - _HOUR, applied_at)
    before += _moments(metric, load, applied_at - _DAY - _AROUND, applied_at - _DAY + span + _AROUND)
    return before, _moments(metric, load, applied_at + SETTLE, until)


def _moments(metric: str, load: str, start: datetime, end: datetime) -> list[Moment]:
    if ":" in metric:
        found = ProbePoint.objects.filter(name=metric, at__gte=start, at__lt=end).order_by("at")
        return [Moment(value, carried) for value, carried in found.values_list("value", "load")]
    return _paired(_rows(metric, load, start, end), metric, load)


def _rows(metric: str, load: str, start: datetime, end: datetime) -> Sequence[tuple[datetime, str, float]]:
    statement = _SERIES.format(start=start.isoformat(), end=end.isoformat())
    with connection.cursor() as cursor:
        cursor.execute(statement, [[metric, load]])
        rows: Sequence[tuple[datetime, str, float]] = cursor.fetchall()
    return rows


def _paired(rows: Sequence[tuple[datetime, str, float]], metric: str, load: str) -> list[Moment]:
    loads = {bucket: value for bucket, name, value in rows if name == load}
    values = sorted((bucket, value) for bucket, name, value in rows if name == metric)
    return [Moment(value, loads.get(bucket, 0.0)) for bucket, value in values]
