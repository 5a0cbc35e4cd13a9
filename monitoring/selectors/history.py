"""What was measured over a range of time, as lines of a chart.

Contract   All lines share one grid of points, aligned to whole steps since the epoch. A point without data is None,
           never zero. What isn't rolled up yet is read from finer rows, so the newest ten seconds are there.
Bound      Two statements, see ``monitoring.engine.resolutions`` for points and rows; the end of what isn't rolled
           up adds at most an hour of minutes and some minutes of samples.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection

from common import clock
from monitoring.engine.resolutions import HOURS, MINUTES, RESOLUTIONS, Grid, Resolution, Segment, grid, segments
from monitoring.errors import HistoryInvalid
from monitoring.types import SeriesKey

SERIES_MAX: Final = 100
RANGE_MAX: Final = timedelta(days=RESOLUTIONS[-1].kept_days + 31)
#: How the rows of a step become one value; ``mean`` weighs every measured second alike.
AGGREGATES: Final[Mapping[str, str]] = {
    "mean": "sum(sum) / sum(count)",
    "min": "min(min)",
    "max": "max(max)",
    "sum": "sum(sum)",
    "last": "(array_agg(last ORDER BY bucket DESC))[1]",
    "count": "sum(count)::float8",
}
#: Which of the series there are, and from where on rollups can't be trusted. A mark older than its finer rows are kept
#: says nothing about what can be read.
_KNOWN: Final = """
SELECT s.id, s.name, s.dimension, NULL::int, NULL::timestamptz FROM monitoring_series s
JOIN unnest(%(names)s::text[], %(dimensions)s::text[]) AS asked (name, dimension) USING (name, dimension)
UNION ALL
SELECT NULL, NULL, NULL, resolution_s, min(bucket) FROM monitoring_dirtybucket
WHERE (resolution_s = 60 AND bucket >= %(samples_since)s) OR (resolution_s = 3600 AND bucket >= %(minutes_since)s)
GROUP BY resolution_s
"""
_SEGMENT: Final = """
SELECT series_id, bucket, min, max, sum, last, count, anomaly_count FROM {table}
WHERE series_id = ANY(%(ids)s) AND bucket >= '{start}' AND bucket < '{end}'
"""
# Thousands of numbers travel in the binary form: as text they took longer to write and read than to work out.
_POINTS: Final = """
SELECT series_id, string_agg(int4send(point), ''), string_agg(float8send(value), ''),
    string_agg(float8send(lowest), ''), string_agg(float8send(highest), ''), string_agg(int4send(anomalies), '')
FROM (
    SELECT series_id, floor((date_part('epoch', bucket) - %(start)s) / %(step)s)::int AS point, {value} AS value,
        min(min) AS lowest, max(max) AS highest, sum(anomaly_count)::int AS anomalies
    FROM ({rows}) r GROUP BY 1, 2
) points GROUP BY series_id
"""
#: Of a number in the columns of ``_POINTS``: how it is sent, and its bytes.
_KINDS: Final = (("i", 4), ("d", 8), ("d", 8), ("d", 8), ("i", 4))


@dataclass(frozen=True, slots=True)
class Line:
    """One series; the lists are as long as ``History.times``. ``min`` and ``max`` are of the seconds of a step."""

    key: SeriesKey
    values: list[float | None]
    min: list[float | None]
    max: list[float | None]
    anomaly_count: list[int | None]


@dataclass(frozen=True, slots=True)
class History:
    """``times`` are the beginnings of the steps, seconds since the epoch; ``resolution`` is what was read."""

    start: datetime
    end: datetime
    step_s: int
    resolution: str
    aggregate: str
    times: list[int]
    lines: tuple[Line, ...]


def history(
    *,
    series: Sequence[SeriesKey],
    start: datetime,
    end: datetime,
    step_s: int | None = None,
    aggregate: str = "mean",
) -> History:
    """The lines of ``series`` in ``[start, end)``, in the order asked; one that was never stored has no values.

    ``step_s`` is the least distance of two points; without it the finest that fits. The answer's own says which
    became of it; asked for again with a shifted range it is kept, so that weeks can be compared.

    Raises: HistoryInvalid
    """
    _check(series, start, end, step_s, aggregate)
    chosen = grid(start=start, end=end, now=clock.now(), series=len(series), step_s=step_s or 0)
    ids, dirty = _known(series)
    parts = segments(chosen, dirty)
    found = _points(chosen, parts, list(ids.values()), aggregate) if ids else {}
    return History(
        start=chosen.start,
        end=chosen.end,
        step_s=chosen.step_s,
        resolution=chosen.resolution.name,
        aggregate=aggregate,
        times=chosen.times,
        lines=tuple(_line(key, found.get(ids.get(key, 0)), chosen.points) for key in series),
    )


def _check(series: Sequence[SeriesKey], start: datetime, end: datetime, step_s: int | None, aggregate: str) -> None:
    if not 1 <= len(series) <= SERIES_MAX:
        raise HistoryInvalid(f"Ask for 1 to {SERIES_MAX} series.", field="/series")
    if aggregate not in AGGREGATES:
        raise HistoryInvalid(f"Use one of {', '.join(AGGREGATES)}.", field="/aggregate")
    if start >= end:
        raise HistoryInvalid("The start has to be before the end.", field="/start")
    if end - start > RANGE_MAX:
        raise HistoryInvalid(f"Ask for {RANGE_MAX.days} days at most.", field="/start")
    if step_s is not None and step_s < 1:
        raise HistoryInvalid("A step has one second or more.", field="/step")


def _known(series: Sequence[SeriesKey]) -> tuple[dict[SeriesKey, int], dict[Resolution, datetime]]:
    """The ids of those that were ever stored, and from where on rollups of which kind can't be trusted."""
    asked: dict[str, Any] = {
        f"{name}_since": clock.now() - timedelta(days=resolution.kept_days)
        for name, resolution in zip(("samples", "minutes"), RESOLUTIONS, strict=False)
    }
    asked |= {"names": [key.name for key in series], "dimensions": [key.dimension for key in series]}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, asked)
        rows = cursor.fetchall()
    ids = {SeriesKey(name, dimension): number for number, name, dimension, *_ in rows if number is not None}
    dirty = {seconds: bucket for *_, seconds, bucket in rows if seconds is not None}
    return ids, {
        resolution: dirty[resolution.seconds] for resolution in (MINUTES, HOURS) if resolution.seconds in dirty
    }


def _points(chosen: Grid, parts: Sequence[Segment], ids: list[int], aggregate: str) -> dict[int, list[tuple[Any, ...]]]:
    # The bounds are part of the text, so that the planner leaves out the partitions of other days.
    rows = "UNION ALL".join(
        _SEGMENT.format(table=part.resolution.table, start=_text(part.start), end=_text(part.end)) for part in parts
    )
    statement = _POINTS.format(value=AGGREGATES[aggregate], rows=rows)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": ids, "start": int(chosen.start.timestamp()), "step": chosen.step_s})
        return {series_id: _numbers(columns) for series_id, *columns in cursor.fetchall()}


def _numbers(columns: Sequence[bytes]) -> list[tuple[Any, ...]]:
    return [
        struct.unpack(f">{len(column) // size}{kind}", column)
        for column, (kind, size) in zip(columns, _KINDS, strict=True)
    ]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S+00")


def _line(key: SeriesKey, lists: list[tuple[Any, ...]] | None, points: int) -> Line:
    line = Line(key, [None] * points, [None] * points, [None] * points, [None] * points)
    for at, value, lowest, highest, anomalies in zip(*lists, strict=True) if lists else ():
        line.values[at] = value
        line.min[at], line.max[at], line.anomaly_count[at] = lowest, highest, anomalies
    return line
