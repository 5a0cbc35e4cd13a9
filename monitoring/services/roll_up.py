"""Roll samples up into minutes and minutes into hours, wherever finer rows have changed.

Contract   A rollup is what its finer rows say at this moment, so that an incremental run and a full rebuild agree.
           Only marked buckets that are over are read; a minute that changes marks its hour.
Locks      The marks, which are taken before the finer rows are read: a writer that marks the same bucket waits, or
           has committed and is read.
Bound      ``BATCH`` buckets a transaction; after ``budget_s`` the rest waits for the next run.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import IntegrityError, connection, transaction

from common import clock
from monitoring.engine.resolutions import HOURS, MINUTES, SAMPLES, Resolution
from monitoring.services.make_partitions import make_partitions

BATCH: Final = 60
#: What comes after the end of a bucket waits this long, so that few buckets are rolled up twice.
SETTLES_S: Final = {MINUTES: 20, HOURS: 90}

_TAKE: Final = """
DELETE FROM monitoring_dirtybucket WHERE (resolution_s, bucket) IN (
    SELECT resolution_s, bucket FROM monitoring_dirtybucket WHERE resolution_s = %(resolution)s AND bucket < %(due)s
    ORDER BY bucket LIMIT %(batch)s FOR UPDATE SKIP LOCKED
) RETURNING bucket
"""
# One range scan for each bucket: those that are marked together may lie hours apart.
_ROLL_UP: Final = """
WITH rolled AS (
    INSERT INTO {target} AS r (series_id, bucket, min, max, sum, last, count, anomaly_count)
    SELECT f.* FROM unnest(%(buckets)s::timestamptz[]) AS marked CROSS JOIN LATERAL (
        SELECT series_id, marked, min(min), max(max), sum(sum), (array_agg(last ORDER BY bucket DESC))[1],
            sum(count), sum(anomaly_count)
        FROM {source} WHERE bucket >= marked AND bucket < marked + %(span)s GROUP BY series_id
    ) f
    ON CONFLICT (series_id, bucket) DO UPDATE SET min = excluded.min, max = excluded.max, sum = excluded.sum,
        last = excluded.last, count = excluded.count, anomaly_count = excluded.anomaly_count
    WHERE (r.min, r.max, r.sum, r.last, r.count, r.anomaly_count) IS DISTINCT FROM
        (excluded.min, excluded.max, excluded.sum, excluded.last, excluded.count, excluded.anomaly_count)
    RETURNING bucket
), marked AS (
    INSERT INTO monitoring_dirtybucket (resolution_s, bucket)
    SELECT DISTINCT 3600, date_bin('1 hour', bucket, 'epoch') FROM rolled WHERE %(marks_hours)s ORDER BY 2
    ON CONFLICT (resolution_s, bucket) DO UPDATE SET bucket = excluded.bucket
)
SELECT count(*) FROM rolled
"""


@dataclass(frozen=True, slots=True)
class RolledUp:
    """How many rows are new or changed."""

    minutes: int
    hours: int


def roll_up(*, budget_s: float = 25.0) -> RolledUp:
    """Bring the rollups up to date with what was stored."""
    ends_at = time.monotonic() + budget_s
    minutes = _roll_up(SAMPLES, MINUTES, ends_at)
    return RolledUp(minutes, _roll_up(MINUTES, HOURS, ends_at))


def _roll_up(source: Resolution, target: Resolution, ends_at: float) -> int:
    changed = 0
    due = clock.now() - timedelta(seconds=target.seconds + SETTLES_S[target])
    while True:
        with transaction.atomic():
            buckets = _take(target, due)
            if buckets:
                changed += _write(source, target, buckets)
        if len(buckets) < BATCH or time.monotonic() >= ends_at:
            return changed


def _take(target: Resolution, due: datetime) -> list[datetime]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"resolution": target.seconds, "due": due, "batch": BATCH})
        return sorted(row[0] for row in cursor.fetchall())


def _write(source: Resolution, target: Resolution, buckets: list[datetime]) -> int:
    try:
        with transaction.atomic():
            return _written(source, target, buckets)
    except IntegrityError:
        make_partitions(days={bucket.date() for bucket in buckets})
        return _written(source, target, buckets)


def _written(source: Resolution, target: Resolution, buckets: list[datetime]) -> int:
    statement = _ROLL_UP.format(source=source.table, target=target.table)
    values: dict[str, Any] = {"buckets": buckets, "span": target.span, "marks_hours": target is MINUTES}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.fetchone()[0])
