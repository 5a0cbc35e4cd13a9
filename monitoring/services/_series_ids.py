"""The numbers of series, which are made when a series is first seen."""

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db import connection

from monitoring.types import SeriesKey

#: A dimension this long can't be kept; route templates and process names are far shorter.
DIMENSION_LENGTH_MAX: Final = 200
_KNOWN: Final = """
SELECT s.id, s.name, s.dimension, s.last_on FROM monitoring_series s
JOIN unnest(%(names)s::text[], %(dimensions)s::text[]) AS asked (name, dimension) USING (name, dimension)
"""
# Another process may make the same series at the same moment; then its number is taken.
_MAKE: Final = """
INSERT INTO monitoring_series (name, dimension, last_on)
SELECT name, dimension, %(day)s FROM unnest(%(names)s::text[], %(dimensions)s::text[]) AS missing (name, dimension)
ORDER BY name, dimension
ON CONFLICT (name, dimension) DO UPDATE SET last_on = greatest(monitoring_series.last_on, excluded.last_on)
RETURNING id, name, dimension
"""
_TOUCH: Final = "UPDATE monitoring_series SET last_on = %(day)s WHERE id = ANY(%(ids)s) AND last_on < %(day)s"


def series_ids(keys: Collection[SeriesKey], day: date) -> dict[SeriesKey, int]:
    """The number of each of ``keys``, which have data on ``day``; too long ones are left out."""
    wanted = [key for key in keys if len(key.dimension) <= DIMENSION_LENGTH_MAX]
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, _columns(wanted))
        rows = cursor.fetchall()
        known = {SeriesKey(name, dimension): series_id for series_id, name, dimension, _ in rows}
        if stale := [series_id for series_id, _, _, last_on in rows if last_on < day]:
            cursor.execute(_TOUCH, {"day": day, "ids": stale})
        if missing := [key for key in wanted if key not in known]:
            cursor.execute(_MAKE, {"day": day, **_columns(missing)})
            known |= {SeriesKey(name, dimension): series_id for series_id, name, dimension in cursor.fetchall()}
    return known


def _columns(keys: Collection[SeriesKey]) -> dict[str, list[str]]:
    return {"names": [key.name for key in keys], "dimensions": [key.dimension for key in keys]}
