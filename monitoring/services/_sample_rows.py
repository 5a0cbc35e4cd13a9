"""The one statement that writes samples and marks the minutes whose rollup they change."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from django.db import IntegrityError, connection, transaction

from monitoring.engine.folding import Fold
from monitoring.services._series_ids import series_ids
from monitoring.services.make_partitions import make_partitions
from monitoring.types import SeriesKey

# A sample that has been worked out again replaces the stored one, unless it knows fewer seconds: then the stream
# has forgotten frames that the stored one was made of.
_WRITE: Final = """
WITH stored AS (
    INSERT INTO monitoring_sample AS s (series_id, bucket, min, max, sum, last, count, anomaly_count)
    SELECT series_id, to_timestamp(second), min, max, sum, last, count, 0
    FROM unnest(%(series)s::int[], %(seconds)s::bigint[], %(min)s::float8[], %(max)s::float8[], %(sum)s::float8[],
        %(last)s::float8[], %(count)s::int[])
        AS t (series_id, second, min, max, sum, last, count)
    ORDER BY second, series_id
    ON CONFLICT (series_id, bucket) DO UPDATE SET min = excluded.min, max = excluded.max, sum = excluded.sum,
        last = excluded.last, count = excluded.count,
        -- What was found unusual stays so when seconds come late.
        anomaly_count = CASE WHEN s.anomaly_count > 0 THEN excluded.count ELSE 0 END
    WHERE excluded.count >= s.count AND (s.min, s.max, s.sum, s.last, s.count) IS DISTINCT FROM
        (excluded.min, excluded.max, excluded.sum, excluded.last, excluded.count)
    RETURNING bucket
), marked AS (
    -- Not DO NOTHING: the row must be held, so that a rollup under way can't take the mark without these samples.
    INSERT INTO monitoring_dirtybucket (resolution_s, bucket)
    SELECT DISTINCT 60, date_bin('1 minute', bucket, 'epoch') FROM stored ORDER BY 2
    ON CONFLICT (resolution_s, bucket) DO UPDATE SET bucket = excluded.bucket
)
SELECT count(*) FROM stored
"""


def write_samples(folds: Mapping[int, Mapping[SeriesKey, Fold]]) -> int:
    """Store the folds of each bucket (second of its beginning). A missing partition is made.

    Returns: how many samples are new or changed
    """
    if not folds:
        return 0
    days = [datetime.fromtimestamp(bucket, UTC).date() for bucket in folds]
    ids = series_ids({key for series in folds.values() for key in series}, max(days))
    rows = [(ids[key], bucket, fold) for bucket, series in folds.items() for key, fold in series.items() if key in ids]
    try:
        with transaction.atomic():
            return _written(rows)
    except IntegrityError:
        make_partitions(days=days)
        return _written(rows)


def _written(rows: list[tuple[int, int, Fold]]) -> int:
    columns = {name: [getattr(fold, name) for _, _, fold in rows] for name in Fold.__dataclass_fields__}
    series, seconds = [row[0] for row in rows], [row[1] for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, {"series": series, "seconds": seconds, **columns})
        return int(cursor.fetchone()[0])
