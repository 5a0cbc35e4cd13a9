"""Drop the partitions whose every row is older than is kept."""

from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from common import clock
from monitoring.engine.resolutions import MINUTES, RESOLUTIONS
from monitoring.models import Event, Series

_DROP: Final = "SELECT monitoring_drop_partitions(%s, %s)"


def drop_partitions() -> list[str]:
    """Keep each resolution for its time, and forget series of which nothing is left, and events as old.

    A process that is gone is forgotten with its minutes: every start of every process has a name of its own.

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
    oldest = today - timedelta(days=longest + 31)
    Series.objects.filter(last_on__lt=oldest).delete()
    gone = today - timedelta(days=MINUTES.kept_days)
    Series.objects.filter(dimension__startswith="process:", last_on__lt=gone).delete()
    Event.objects.filter(at__date__lt=oldest).delete()
    return dropped
