"""Drop the partitions whose every row is older than is kept."""

from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from common import clock
from monitoring.engine.resolutions import RESOLUTIONS
from monitoring.models import Series

_DROP: Final = "SELECT monitoring_drop_partitions(%s, %s)"


def drop_partitions() -> list[str]:
    """Keep each resolution for its time, and forget series of which nothing is left.

    Returns: the names of the tables that went
    Raises:  OperationalError when a long statement keeps a table; the next time will do
    """
    dropped: list[str] = []
    today = clock.now().date()
    for resolution in RESOLUTIONS:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_DROP, [resolution.table, today - timedelta(days=resolution.kept_days)])
            dropped += [row[0] for row in cursor.fetchall()]
    longest = max(resolution.kept_days for resolution in RESOLUTIONS)
    # A month is dropped when its last day is too old.
    Series.objects.filter(last_on__lt=today - timedelta(days=longest + 31)).delete()
    return dropped
