"""Measure what one order, read, socket and frame cost, on the site of `make scaleout` without its restarts.

Contract   CPU time of processes, not time by the clock: a busy machine adds a little, never much.
           Each phase runs alone; what the site uses when nobody comes is taken away.
"""

import json
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psutil

from opinion_market.local import processes
from scripts.capacity.hearing import ms_per_hearing
from scripts.capacity.model import Units
from scripts.scaleout.load import CLIENTS, client_command
from scripts.scaleout.programs import PROJECT, status_of, wait_until
from scripts.scaleout.site import Site
from scripts.scaleout.watching import SocketReaders

PHASE_S: Final = 15.0
READS: Final = 400
#: So many that what one costs isn't lost among what memory does by itself.
SOCKETS: Final = 200
#: What one market takes in a second when its orders come in batches: docs/benchmarks.md.
_MARKET: Final = "orders through execute, in batches of 100"


class Meter:
    """CPU seconds so far, by part of the site."""

    def __init__(self, site: Site) -> None:
        assert site.primary.process is not None
        assert site.redis.process is not None
        self._roots = {
            "web": [web.pid for web in site.webs],
            "database": [site.primary.process.pid],
            "redis": [site.redis.process.pid],
            "proxy": [site.proxy_pid],
        }

    def seconds(self) -> dict[str, float]:
        return {name: sum(_tree_seconds(pid) for pid in pids) for name, pids in self._roots.items()}

    def web_bytes(self) -> float:
        return sum(
            child.memory_info().rss
            for pid in self._roots["web"]
            for child in psutil.Process(pid).children(recursive=True)
        )


def _tree_seconds(pid: int) -> float:
    root = psutil.Process(pid)
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def measure(directory: Path) -> dict[str, Any]:
    site = Site(directory)
    try:
        site.start()
        seeded = json.loads(site.manage("-m", "scripts.storm.seed").splitlines()[-1])
        return _measured(site, seeded)
    finally:
        site.stop()


def _measured(site: Site, seeded: dict[str, Any]) -> dict[str, Any]:
    meter, market_id = Meter(site), int(next(iter(seeded["markets"])))
    _send_orders(site, seeded, "warm-up", 5.0)
    idle = _rates(meter, lambda: time.sleep(PHASE_S))
    reads = _above(idle, meter, lambda: _read(site, market_id))
    before = _totals(site)
    orders = _above(idle, meter, lambda: _send_orders(site, seeded, "alone", PHASE_S))
    after = _totals(site)
    count = after["orders"] - before["orders"]
    bytes_before = meter.web_bytes()
    with _sockets(site, seeded, market_id) as sockets:
        bytes_of_sockets = meter.web_bytes() - bytes_before
        heard, orders_before = frames_of(sockets), after["orders"]
        watched = _above(idle, meter, lambda: _send_orders(site, seeded, "watched", PHASE_S))
        frames, more = frames_of(sockets) - heard, _totals(site)["orders"] - orders_before
    web_order = orders["web"] / count
    units = Units(
        web_ms_per_order=1_000 * web_order,
        database_ms_per_order=1_000 * orders["database"] / count,
        redis_ms_per_order=1_000 * orders["redis"] / count,
        redis_ms_per_hearing=ms_per_hearing(site.directory / "hearing"),
        proxy_ms_per_order=1_000 * orders["proxy"] / count,
        web_ms_per_read=1_000 * reads["web"] / READS,
        database_ms_per_read=1_000 * reads["database"] / READS,
        web_ms_per_frame=1_000 * max(watched["web"] - more * web_order, 0.0) / max(frames, 1),
        web_bytes_per_socket=max(bytes_of_sockets, 0.0) / SOCKETS,
        wal_bytes_per_order=(after["wal"] - before["wal"]) / count,
        disk_bytes_per_order=(after["disk"] - before["disk"]) / count,
        trades_per_order=(after["trades"] - before["trades"]) / count,
        web_process_bytes=bytes_before / len(site.webs),
    )
    where = f"{datetime.now(UTC):%Y-%m-%d}, {psutil.cpu_count()} cores, {platform.system()}, "
    where += f"{count:,} orders, {READS} reads, {frames:,} frames to {SOCKETS} sockets. "
    where += "Cancels, batches and refused orders are in the cost of those that were accepted."
    units_rounded = {name: round(value, 5) for name, value in asdict(units).items()}
    return {"where": where, "units": units_rounded, "market_orders_per_s": market_orders_per_s()}


def market_orders_per_s() -> float:
    text = (PROJECT / "docs/benchmarks.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith(f"| {_MARKET}"))
    return float(line.split("|")[2].strip().removesuffix("/s").replace(",", ""))


def frames_of(sockets: SocketReaders) -> int:
    return sum(book.deltas + book.snapshots for book in sockets.books)


def _rates(meter: Meter, work: Callable[[], object]) -> dict[str, float]:
    """CPU seconds in a second of ``work``."""
    began, before = time.monotonic(), meter.seconds()
    work()
    after, took_s = meter.seconds(), time.monotonic() - began
    return {name: (after[name] - before[name]) / took_s for name in after}


def _above(idle: dict[str, float], meter: Meter, work: Callable[[], object]) -> dict[str, float]:
    """CPU seconds of ``work``, without what the site would have used anyway."""
    began, before = time.monotonic(), meter.seconds()
    work()
    after, took_s = meter.seconds(), time.monotonic() - began
    return {name: max(after[name] - before[name] - idle[name] * took_s, 0.0) for name in after}


def _read(site: Site, market_id: int) -> None:
    paths = ("/", f"/markets/{market_id}", f"/api/v1/markets/{market_id}", "/api/v1/markets")
    for number in range(READS):
        status = status_of(f"http://127.0.0.1:{site.port}{paths[number % len(paths)]}")
        assert status == 200, f"{paths[number % len(paths)]} answered {status}"


def _send_orders(site: Site, seeded: dict[str, Any], name: str, seconds: float) -> None:
    folder = site.directory / f"orders-{name}"
    folder.mkdir()
    commands = [
        client_command(number, site.port, folder, seeded, per_second=200 / CLIENTS, seed=hash_of(name) + number)
        for number in range(CLIENTS)
    ]
    clients = [processes.start(command, cwd=PROJECT) for command in commands]
    time.sleep(seconds)
    for client in clients:
        client.terminate()
    for client in clients:
        processes.stop(client, patience_s=60)


def hash_of(name: str) -> int:
    return sum(name.encode()) * 100


def _totals(site: Site) -> dict[str, float]:
    with site.connect(autocommit=True) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM trading_order), (SELECT count(*) FROM trading_trade),"
            " pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8, pg_database_size(current_database())::float8"
        ).fetchone()
    assert row is not None
    return dict(zip(("orders", "trades", "wal", "disk"), row, strict=True))


@contextmanager
def _sockets(site: Site, seeded: dict[str, Any], market_id: int) -> Iterator[SocketReaders]:
    secrets = [trader["secret"] for trader in seeded["traders"]]
    readers = SocketReaders(site.port, market_id, secrets, count=SOCKETS)
    readers.start()
    try:
        wait_until(lambda: all(book.seq is not None for book in readers.books), "every socket has its book")
        yield readers
    finally:
        readers.end()
