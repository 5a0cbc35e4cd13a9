"""Say of stored samples that they were unusual, or that they weren't.

Contract   ``anomaly_count`` of a row is how many of its seconds were unusual: all of a sample, or none. Minutes that
           are rolled up already are marked at once, others and the hours by the next roll-up. Idempotent.
           Dimensions aren't judged: only rows of the whole site are marked.
Bound      One statement for samples and one for minutes, whatever the number of spans.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction

_ASKED: Final = """
WITH asked AS (
    SELECT s.id, t.start, t.until, t.is_unusual
    FROM unnest(%(names)s::text[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(flags)s::bool[])
        AS t (name, start, until, is_unusual)
    JOIN monitoring_series s ON s.name = t.name AND s.dimension = ''
), changed AS (
    UPDATE {table} r SET anomaly_count = CASE WHEN a.is_unusual THEN r.count ELSE 0 END FROM asked a
    WHERE r.series_id = a.id AND r.bucket >= a.start AND r.bucket < a.until
        AND r.anomaly_count <> CASE WHEN a.is_unusual THEN r.count ELSE 0 END
    RETURNING r.bucket
), marked AS (
    INSERT INTO monitoring_dirtybucket (resolution_s, bucket)
    SELECT DISTINCT {coarser_s}, date_bin('{coarser_s} seconds', bucket, 'epoch') FROM changed ORDER BY 2
    ON CONFLICT (resolution_s, bucket) DO UPDATE SET bucket = excluded.bucket
)
SELECT count(*) FROM changed
"""
_TABLES: Final = (("monitoring_sample", 60), ("monitoring_minuterollup", 3_600))


@dataclass(frozen=True, slots=True)
class Unusual:
    """Minutes of a series, ``[start, end)``; ``is_unusual`` false takes the mark away."""

    name: str
    start: datetime
    end: datetime
    is_unusual: bool = True


def mark_anomalies(spans: Sequence[Unusual]) -> int:
    """Returns: how many samples and minutes changed"""
    if not spans:
        return 0
    values: dict[str, Any] = {
        "names": [one.name for one in spans],
        "starts": [one.start for one in spans],
        "ends": [one.end for one in spans],
        "flags": [one.is_unusual for one in spans],
    }
    changed = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for table, coarser_s in _TABLES:
            cursor.execute(_ASKED.format(table=table, coarser_s=coarser_s), values)
            changed += cursor.fetchone()[0]
    return changed
