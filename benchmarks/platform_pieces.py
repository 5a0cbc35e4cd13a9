"""Caches, bulk work and streams, each beside what it replaces."""

import http.client
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.report import Row
from benchmarks.stack import Stack

LINES: Final = 1_000_000
PROCESSES: Final = 4
CALLERS: Final = 200
MEMORY_US_MAX: Final = 20.0
REDIS_US_MAX: Final = 1_000.0
FASTER_MIN: Final = 20.0
BULK_MIN: Final = 50.0
STREAM_MB_MAX: Final = 30.0
#: The names of the columns, and the starting credits.
HEAD_LINES: Final = 2


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    call, lines = partial(stack.call, module="benchmarks.platform_jobs"), LINES // 10 if is_quick else LINES
    stack.call("prepare", markets=55)
    with stack.web() as port:
        return measure(call, port, lines)


def measure(call: Callable[..., Any], port: int, lines: int) -> list[Row]:
    """``port`` is that of the web server, which is idle."""
    return [*_hits(call), *_crowds(call), *_selectors(call), *_bulk(call), *_stream(call, port, lines)]


def _hits(call: Callable[..., Any]) -> list[Row]:
    found = call("hits")
    return [
        _at_most(
            "memory cache, a hit", found["memory"], MEMORY_US_MAX, f"functools.lru_cache {found['lru_cache']:.2f}"
        ),
        _at_most("memory cache with a tag, a hit", found["tagged"], MEMORY_US_MAX),
        _at_most(
            "Redis cache with a tag, a hit", found["redis"], REDIS_US_MAX, f"Django's cache {found['django']:.0f}"
        ),
    ]


def _at_most(what: str, microseconds: float, target: float, beside: str = "") -> Row:
    figure = f"{microseconds:.1f} us" + (f" ({beside} us)" if beside else "")
    return Row(what, figure, microseconds, target, is_ceiling=True)


def _crowds(call: Callable[..., Any]) -> list[Row]:
    found = []
    for where, processes in (("memory", 1), ("redis", PROCESSES)):
        at = time.time() + 4

        def ask(_: int, where: str = where, at: float = at, threads: int = CALLERS // processes) -> int:
            return int(call("ask_together", where=where, threads=threads, at=at))

        with ThreadPoolExecutor(processes) as pool:
            computed = sum(pool.map(ask, range(processes)))
        what = f"computations for {CALLERS} misses at once, {where} cache, {processes} process"
        found.append(Row(f"{what}{'es' if processes > 1 else ''}", str(computed), computed, 1, is_ceiling=True))
    return found


def _selectors(call: Callable[..., Any]) -> list[Row]:
    found = call("selectors")
    return [
        _faster("front page of 24 markets, memory cache", found["front"] / 1e3, found["front_kept"] / 1e3, FASTER_MIN),
        _faster("search of 55 markets, both caches", found["search"] / 1e3, found["search_kept"] / 1e3, FASTER_MIN),
        _faster("the same from Redis", found["search"] / 1e3, found["search_stored"] / 1e3, None),
    ]


def _bulk(call: Callable[..., Any]) -> list[Row]:
    found = call("bulk", rounds=3)
    return [
        _faster(f"{verb} 1,000 rows in bulk, not one a transaction", each * 1e3, all_ * 1e3, BULK_MIN)
        for verb, each, all_ in (
            ("insert", found["insert_each"], found["insert"]),
            ("update", found["update_each"], found["update"]),
        )
    ]


def _faster(what: str, before_ms: float, after_ms: float, target: float | None) -> Row:
    return Row(what, f"{after_ms:.3g} ms instead of {before_ms:.3g} ms", before_ms / after_ms, target)


def _stream(call: Callable[..., Any], port: int, lines: int) -> list[Row]:
    small, large = call("fill_ledger", lines=5_000), call("fill_ledger", lines=lines)
    for _ in range(4):
        assert _downloaded(port, small["session"])[0] == 5_000 + HEAD_LINES
    with Watch(web_processes(port)) as watch:
        began = time.perf_counter()
        count, size = _downloaded(port, large["session"])
        seconds = time.perf_counter() - began
    assert count == lines + HEAD_LINES, count
    whole = call("whole_in_memory", user=large["user"])
    figure = f"{watch.growth_mb:.1f} MB more, {size / 1e6:.0f} MB in {seconds:.1f} s"
    return [
        Row(f"GET a statement of {lines:,} lines as CSV", figure, watch.growth_mb, STREAM_MB_MAX, is_ceiling=True),
        Row("the same lines in a list", f"{whole:,.0f} MB more"),
    ]


def _downloaded(port: int, session: str) -> tuple[int, int]:
    """Lines and bytes of the statement."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/portfolio/statement.csv", headers={"Cookie": f"sessionid={session}"})
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    count = size = 0
    while piece := answer.read(1 << 20):
        count += piece.count(b"\n")
        size += len(piece)
    connection.close()
    return count, size


def web_processes(port: int) -> list[int]:
    """The web server of this port and its children."""
    parents = {int(path.name): _parent(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    main = [pid for pid in parents if f"--port\0{port}\0" in _read(Path("/proc") / str(pid) / "cmdline")]
    assert main, "there is no web server at this port"
    return [*main, *(pid for pid, parent in parents.items() if parent in main)]


def _parent(path: Path) -> int:
    text = _read(path / "stat")
    return int(text.rpartition(")")[2].split()[1]) if text else 0


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


class Watch:
    """The most that processes grew together, in megabytes of resident memory, while the block ran."""

    def __init__(self, pids: list[int]) -> None:
        self._pids = pids
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._before = self._most = self._resident()

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        self._thread.join()

    @property
    def growth_mb(self) -> float:
        return (self._most - self._before) / 1e6

    def _look(self) -> None:
        while not self._is_over.wait(0.05):
            self._most = max(self._most, self._resident())

    def _resident(self) -> int:
        texts = [_read(Path("/proc") / str(pid) / "statm") for pid in self._pids]
        return sum(int(text.split()[1]) * 4_096 for text in texts if text)
