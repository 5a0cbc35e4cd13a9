"""What a scrape of /metrics costs after 1,000 worker restarts, beside the files of prometheus_client.

Both sides hold the same: each of the processes that are gone counted 200 of the 2,000 series.
"""

import http.client
import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import MultiProcessValue

from benchmarks.report import Row
from benchmarks.stack import Stack
from common.metrics.totals import SECONDS

ROUTES: Final = 100
ROUTES_EACH: Final = 10
BOOTS: Final = 1_000
SCRAPES: Final = 200
FILE_SCRAPES: Final = 3
SCRAPE_MS_MAX: Final = 50.0
#: The gauges of a process are kept for 5 s.
FORGOTTEN_S: Final = 6.0
STATUSES: Final = ("200", "404", "422", "500")
TIMES_S: Final = (0.0008, 0.004, 0.03, 0.2, 3.0)
_SERIES: Final = re.compile(r"^opinion_market_bench_", re.MULTILINE)
_REQUESTS: Final = re.compile(r"^opinion_market_bench_requests_total\{.*\} (\S+)$", re.MULTILINE)


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    with stack.web() as port:
        return measure(stack, port, BOOTS // 10 if is_quick else BOOTS)


def measure(stack: Stack, port: int, boots: int) -> list[Row]:
    """Fill Redis, then scrape the web server at ``port``, then the files."""
    pushed = stack.call(
        "push_boots", module="benchmarks.metrics_jobs", boots=boots, routes=ROUTES, routes_each=ROUTES_EACH
    )
    time.sleep(FORGOTTEN_S)
    times, text = scrape(port)
    counted = sum(float(number) for number in _REQUESTS.findall(text))
    assert counted == pushed["counted"], f"{counted} of {pushed['counted']} were counted"
    series, size = len(_SERIES.findall(text)), len(text) / 1_000
    own_ms, slow_ms = statistics.median(times) * 1_000, share(times, 0.95) * 1_000
    file_times, file_size = scrape_files(boots)
    file_ms = statistics.median(file_times) * 1_000
    return [
        Row(
            f"GET /metrics, {series:,} series after {boots:,} restarts",
            f"p95 {slow_ms:.1f} ms, median {own_ms:.1f} ms, {size:.0f} kB",
            slow_ms,
            SCRAPE_MS_MAX,
            is_ceiling=True,
        ),
        Row(
            f"the same from prometheus_client's files of {boots:,} processes",
            f"median {file_ms:,.0f} ms, {file_size / 1e6:.0f} MB in files",
            file_ms / own_ms,
        ),
        Row("a frame with 200 series into Redis", f"{pushed['seconds'] / boots * 1_000:.2f} ms"),
    ]


def scrape(port: int) -> tuple[list[float], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times, text = [], ""
    for _ in range(SCRAPES):
        began = time.perf_counter()
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        text = answer.read().decode()
        times.append(time.perf_counter() - began)
        assert answer.status == 200, text
    connection.close()
    return times, text


def scrape_files(boots: int) -> tuple[list[float], int]:
    """Seconds for each collection, and bytes on disk, of the mode that keeps a file for each process."""
    with tempfile.TemporaryDirectory(prefix="om-bench-files-", dir="/var/tmp") as directory:
        with _files_in(directory):
            for boot in range(boots):
                _count_in_files(boot)
        size = sum(path.stat().st_blocks * 512 for path in Path(directory).iterdir())
        times = []
        for _ in range(FILE_SCRAPES):
            began = time.perf_counter()
            registry = CollectorRegistry()
            MultiProcessCollector(registry, path=directory)
            text = generate_latest(registry)
            times.append(time.perf_counter() - began)
        assert text.count(b"\nbench_requests_total{") == ROUTES * len(STATUSES)
    return times, size


@contextmanager
def _files_in(directory: str) -> Iterator[None]:
    """prometheus_client writes into ``directory`` for as long as the block lasts."""
    before, os.environ["PROMETHEUS_MULTIPROC_DIR"] = values.ValueClass, directory
    try:
        yield
    finally:
        del os.environ["PROMETHEUS_MULTIPROC_DIR"]
        values.ValueClass = before


def _count_in_files(boot: int) -> None:
    """What a process with the pid ``boot`` leaves behind."""
    values.ValueClass = MultiProcessValue(process_identifier=lambda: boot)
    requests = Counter("bench_requests", "Requests.", ["route", "status"], registry=None)
    times = Histogram("bench_request_seconds", "Time.", ["route"], registry=None, buckets=SECONDS)
    for number in range(ROUTES_EACH):
        route = f"/{(boot * ROUTES_EACH + number) % ROUTES}"
        for status in STATUSES:
            requests.labels(route, status).inc()
        for seconds in TIMES_S:
            times.labels(route).observe(seconds)


def share(times: list[float], part: float) -> float:
    return sorted(times)[round(part * (len(times) - 1))]
