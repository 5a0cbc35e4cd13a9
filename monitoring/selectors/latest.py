"""The newest stored value of each series."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from common import clock
from monitoring.types import SeriesKey

_LATEST: Final = """
SELECT DISTINCT ON (s.id) s.name, s.dimension, r.last, r.bucket
FROM monitoring_sample r JOIN monitoring_series s ON s.id = r.series_id
WHERE r.bucket > '{since}' AND starts_with(s.dimension, %(prefix)s)
    AND (%(names)s::text[] IS NULL OR s.name = ANY(%(names)s))
ORDER BY s.id, r.bucket DESC
"""


@dataclass(frozen=True, slots=True)
class Latest:
    """``at`` is the beginning of the ten seconds in which ``value`` was the last."""

    value: float
    at: datetime


def latest(
    *, names: list[str] | None = None, dimension_prefix: str = "", age_s_max: float = 60.0
) -> dict[SeriesKey, Latest]:
    """The last value of each series that has one at most ``age_s_max`` old; what isn't there isn't known."""
    since = clock.now() - timedelta(seconds=age_s_max)
    statement = _LATEST.format(since=since.isoformat())
    with connection.cursor() as cursor:
        cursor.execute(statement, {"prefix": dimension_prefix, "names": names})
        return {SeriesKey(name, dimension): Latest(value, at) for name, dimension, value, at in cursor.fetchall()}
