"""What the benchmark of stored measurements runs inside Django; see ``benchmarks.monitoring_store``."""

import json
import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from common import clock
from common.metrics.sketch import Sketch
from monitoring.engine.frame_text import text_of
from monitoring.engine.resolutions import HOURS, MINUTES, SAMPLES, Resolution
from monitoring.models import Sample, Series
from monitoring.selectors.history import history
from monitoring.services.roll_up import roll_up
from monitoring.services.store_samples import store_samples
from monitoring.types import STREAM, Frame, Role, SeriesKey

PREFIX: Final = "route:GET /benchmark/"
_NAMES: Final = ("throughput", "response_time", "response_time_p95", "error_rate")
_BEGIN: Final = "CREATE TABLE {name} (LIKE {parent} INCLUDING DEFAULTS)"
# By time, as the ingest would have left it; random() once a row, so that nothing compresses.
_FILL: Final = """
INSERT INTO {name} (series_id, bucket, min, max, sum, last, count, anomaly_count)
SELECT s.id, t, v, v + 20, (v + 10) * {seconds}, v + 5, {seconds}, 0
FROM generate_series(%(start)s::timestamptz, %(end)s::timestamptz - interval '1 second', %(span)s) AS t
CROSS JOIN unnest(%(ids)s::int[]) AS s (id) CROSS JOIN LATERAL (SELECT random() * 100 + 0 * s.id AS v) r
"""
# The indexes of the parent come with the partition.
_FINISH: Final = "ALTER TABLE {parent} ATTACH PARTITION {name} FOR VALUES FROM ('{first}+00') TO ('{last}+00')"
_MARKS: Final = """
INSERT INTO monitoring_dirtybucket VALUES (60, %s), (60, %s), (3600, %s) ON CONFLICT DO NOTHING
"""
_SIZE: Final = """
SELECT sum(pg_total_relation_size(inhrelid)), sum(c.reltuples) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE inhparent IN ('monitoring_sample'::regclass, 'monitoring_minuterollup'::regclass,
    'monitoring_hourrollup'::regclass)
"""


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def fill_measurements(*, series: int, sample_days: int, minute_days: int, hour_days: int) -> dict[str, float]:
    """Rows up to this moment for ``series`` series; the newest minutes and the hour are marked, as they would be."""
    began = time.perf_counter()
    keys = [SeriesKey(_NAMES[n % len(_NAMES)], f"{PREFIX}{n // len(_NAMES)}") for n in range(series)]
    today = clock.now().date()
    Series.objects.bulk_create(Series(name=key.name, dimension=key.dimension, last_on=today) for key in keys)
    ids = list(Series.objects.filter(dimension__startswith=PREFIX).order_by("id").values_list("id", flat=True))
    now = clock.now()
    for resolution, days in ((SAMPLES, sample_days), (MINUTES, minute_days), (HOURS, hour_days)):
        for first, last in _partitions(resolution, today - timedelta(days=days), today):
            _fill(resolution, first, last, ids, now)
    with connection.cursor() as cursor:
        minute, hour = MINUTES.floor(now), HOURS.floor(now)
        cursor.execute(_MARKS, [minute, minute - MINUTES.span, hour])
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(_SIZE)
        size, rows = cursor.fetchone()
    return {"bytes": float(size), "rows": float(rows), "seconds": time.perf_counter() - began}


def _partitions(resolution: Resolution, first: date, last: date) -> Iterator[tuple[date, date]]:
    """The beginning and end of each partition from that of ``first`` to that of ``last``."""
    is_monthly = resolution is HOURS
    start = first.replace(day=1) if is_monthly else first
    while start <= last:
        end = (start + timedelta(days=32)).replace(day=1) if is_monthly else start + timedelta(days=1)
        yield start, end
        start = end


def _fill(resolution: Resolution, first: date, last: date, ids: list[int], now: datetime) -> None:
    names = {"name": f"{resolution.table}_{first:%Y%m%d}", "parent": resolution.table, "first": first, "last": last}
    end = min(datetime.combine(last, datetime.min.time(), UTC), resolution.floor(now) + resolution.span)
    values: dict[str, Any] = {
        "start": datetime.combine(first, datetime.min.time(), UTC),
        "end": end,
        "span": resolution.span,
        "ids": ids,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(f"DROP TABLE IF EXISTS {names['name']}")
        cursor.execute(_BEGIN.format(**names))
        cursor.execute(_FILL.format(seconds=resolution.seconds, **names), values)
        cursor.execute(_FINISH.format(**names))


def time_charts(*, charts: list[tuple[str, int]], repeats: int) -> list[dict[str, Any]]:
    """Milliseconds of ``history`` by chart and number of series; other series each time."""
    keys = [
        SeriesKey(*row) for row in Series.objects.filter(dimension__startswith=PREFIX).values_list("name", "dimension")
    ]
    chance = random.Random(7)
    found = []
    newest = Sample.objects.order_by("-bucket").values_list("bucket", flat=True)[0]
    for name, hours in charts:
        for series in (1, 12):
            connection.close()
            times, resolution = [], ""
            for _ in range(repeats + 1):
                asked = chance.sample(keys, series)
                began = time.perf_counter()
                chart = history(series=asked, start=newest - timedelta(hours=hours), end=newest)
                times.append((time.perf_counter() - began) * 1000)
                resolution = f"{chart.step_s} s from {chart.resolution}"
                assert sum(value is not None for value in chart.lines[0].values) > 0.95 * len(chart.times)
            # The first one also opens the connection, which then learns of the partitions.
            first_ms, *rest = times
            found.append(
                {
                    "chart": name,
                    "series": series,
                    "resolution": resolution,
                    "first_ms": first_ms,
                    "median_ms": statistics.median(rest),
                    "slow_ms": sorted(rest)[len(rest) * 95 // 100],
                }
            )
    return found


def time_ingest(*, seconds: int, processes: int) -> dict[str, float]:
    """Milliseconds to store what ``processes`` told in ``seconds``, and to roll it up."""
    first = int(clock.now().timestamp()) - seconds - 100
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.delete(STREAM)
    for at in range(first, first + seconds):
        for number in range(processes):
            client.xadd(STREAM, {"f": text_of(_frame(at, number))}, id=f"{at * 1000 + number}-0")
    began = time.perf_counter()
    stored = store_samples(budget_s=600)
    store_ms = (time.perf_counter() - began) * 1000
    assert stored.frames == seconds * processes
    began = time.perf_counter()
    roll_up(budget_s=600)
    roll_up_ms = (time.perf_counter() - began) * 1000
    client.delete(STREAM)
    return {
        "seconds": seconds,
        "processes": processes,
        "samples": stored.samples,
        "store_ms": store_ms,
        "roll_up_ms": roll_up_ms,
    }


def _frame(at: int, number: int) -> Frame:
    timed = Sketch()
    for value in (0.004, 0.006, 0.011, 0.02):
        timed.record(value)
    routes = [f'{{method="GET",route="/page{n}"}}' for n in range(10)]
    return Frame(
        process=f"web-bench-{number}",
        role=Role.WEB,
        host="bench",
        pid=number,
        boot=f"bench-{number}",
        number=at,
        at=at,
        started_at=0.0,
        seconds=1.0,
        gauges={"machine_cpu_ratio": 0.3, "machine_memory_ratio": 0.5, "process_resident_memory_bytes": 1e8},
        counters={f'http_requests_total{{method="GET",route="/page{n}",status="200"}}': 4.0 for n in range(10)},
        sketches={f"http_request_seconds{labels}": timed.document() for labels in routes},
    )


JOBS: dict[str, Any] = {job.__name__: job for job in (migrate, fill_measurements, time_charts, time_ingest)}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
