"""Make the partitions that samples and rollups will be written to."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from django.db import connection, transaction

from common import clock

#: Partitions exist this many days ahead, so that a worker may be away for as long.
DAYS_AHEAD: Final = 3
TABLES: Final = ("monitoring_sample", "monitoring_minuterollup", "monitoring_hourrollup")
_MAKE: Final = """
SELECT count(*) FILTER (WHERE monitoring_make_partition(parent, day))
FROM unnest(%s::text[]) AS parent, unnest(%s::date[]) AS day
"""


def make_partitions(*, days: Iterable[date] | None = None) -> int:
    """Have partitions of every table for ``days``, by default today and ``DAYS_AHEAD`` days more.

    Returns: how many were missing
    Raises:  OperationalError when a long statement keeps a table; the next time will do
    """
    today = clock.now().date()
    wanted = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1)] if days is None else sorted(set(days))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MAKE, [list(TABLES), wanted])
        return int(cursor.fetchone()[0])
