"""What the benchmark of the optimizer runs inside Django; see ``benchmarks.optimizer``."""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from django.core.management import call_command
from django.db import connection

from common import clock
from common.metrics.agent import start_measuring
from monitoring.engine.catalogue import CATALOGUE
from monitoring.engine.folding import folded
from monitoring.optimizer.models import Recommendation
from monitoring.optimizer.selectors.board import outlooks
from monitoring.optimizer.services.run_cycle import run_cycle
from monitoring.optimizer.services.tick import tick
from monitoring.services._sample_rows import write_samples
from monitoring.services.make_partitions import make_partitions
from monitoring.types import SeriesKey

STEP_S: Final = 10
PROVEN_ROWS: Final = 300_000
_TABLE: Final = "CREATE TABLE bench_table (id serial PRIMARY KEY, trader int, note text)"
_ROWS: Final = "INSERT INTO bench_table (trader, note) SELECT i % 500, 'note ' || i FROM generate_series(1, {rows}) i"


def fill(*, minutes: int) -> dict[str, int]:
    """A site with an hour of measurements."""
    call_command("migrate", verbosity=0, interactive=False)
    make_partitions()
    now, luck = int(clock.now().timestamp()) // STEP_S * STEP_S, random.Random(5)
    write_samples(
        {
            at: folded({at: {SeriesKey(name): 20.0 + luck.random() for name in CATALOGUE}})
            for at in range(now - minutes * 60, now, STEP_S)
        }
    )
    start_measuring("worker")
    time.sleep(1.5)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_user_tables")
        tables = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM pg_stat_statements")
        statements = cursor.fetchone()[0]
    return {"series": len(CATALOGUE), "tables": tables, "statements": statements}


def time_proof() -> dict[str, float]:
    """One optimisation that finds a missing index."""
    run_cycle()
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute(_ROWS.format(rows=PROVEN_ROWS))
        cursor.execute("ANALYZE bench_table")
        for number in range(25):
            cursor.execute("SELECT count(note) FROM bench_table WHERE trader = %s", [number])
    ms = timed(run_cycle)
    assert Recommendation.objects.filter(rule="missing_index").exists(), "the index was not found"
    return {"ms": ms, "rows": PROVEN_ROWS}


def time_optimizer(*, repeats: int) -> dict[str, float]:
    cycles = [timed(run_cycle) for _ in range(repeats)]
    forecasts = [timed(outlooks) for _ in range(repeats)]
    ticks = [timed(tick) for _ in range(repeats)]
    return {
        "cycle_ms": statistics.median(cycles),
        "cycle_slowest_ms": max(cycles),
        "forecast_ms": statistics.median(forecasts),
        "forecasts": len(outlooks()),
        "tick_ms": statistics.median(ticks),
    }


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1_000


JOBS: dict[str, Any] = {job.__name__: job for job in (fill, time_proof, time_optimizer)}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
