"""The stream to many: does each of 2,000 sockets get every delta of its market, soon after the commit?

A *gap* is a delta whose number isn't the one after the last; one that a socket didn't get until the end is *missing*.
First 50 deltas a second in all, then 50 on each market, so that every socket gets 50 a second.
"""

import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.monitoring_metrics import share
from benchmarks.report import Row, say
from benchmarks.stack import PROJECT, Stack

SOCKETS: Final = 2_000
MARKETS: Final = 20
DELTAS_PER_S: Final = 50
#: What sockets ask for that get so many each.
BATCH_MS: Final = 100
SECONDS: Final = 10.0
QUICK_SECONDS: Final = 5.0
#: Of one account, which may have as many in each process.
SOCKETS_EACH: Final = 20
P99_MS_MAX: Final = 300.0
#: What was committed last gets so long to come.
LAST_S: Final = 2.0
FILES: Final = 16_384


@dataclass(frozen=True)
class Pace:
    """``size`` commands at once; ``batch_ms``: what the sockets ask for."""

    per_second: int
    size: int
    batch_ms: int


@dataclass(frozen=True)
class Heard:
    """Milliseconds from commit to arrival of every frame, and what wasn't as it should be."""

    delays: list[float]
    frames: int
    gaps: int
    missing: int
    closed: int
    deltas: int

    @property
    def faults(self) -> int:
        return self.gaps + self.missing + self.closed


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    prepared = stack.call("prepare", markets=MARKETS)
    keys = stack.call("listeners", module="benchmarks.stream_jobs", count=SOCKETS // SOCKETS_EACH)
    _allow_files()
    found = []
    with stack.web() as port:
        for pace in (Pace(DELTAS_PER_S, 1, 0), Pace(DELTAS_PER_S * MARKETS, 10, BATCH_MS)):
            say(f"{pace.per_second} deltas/s to {SOCKETS} sockets")
            seconds = QUICK_SECONDS if is_quick else SECONDS
            found += _rows(measure(stack, port, prepared, keys, pace=pace, seconds=seconds), pace, seconds)
    return found


def _rows(heard: Heard, pace: Pace, seconds: float) -> list[Row]:
    way = f"in arrays each {pace.batch_ms} ms" if pace.batch_ms else "one by one"
    name = f"{SOCKETS:,} sockets on {MARKETS} markets, {pace.per_second} deltas/s in all, {way}"
    told = (
        f"p99 {share(heard.delays, 0.99):.0f} ms, median {share(heard.delays, 0.5):.0f} ms, "
        f"{heard.frames / seconds:,.0f} frames/s"
    )
    faults = f"{heard.gaps} gaps, {heard.missing} missing, {heard.closed} closed, {heard.deltas:,} deltas"
    return [
        Row(f"{name}: from commit to socket, ms", told, share(heard.delays, 0.99), P99_MS_MAX, is_ceiling=True),
        Row(f"{name}: gaps, losses and closes", faults, float(heard.faults), 0.0, is_ceiling=True),
    ]


def measure(stack: Stack, port: int, prepared: dict[str, Any], keys: list[str], *, pace: Pace, seconds: float) -> Heard:
    markets = prepared["markets"]
    sockets = [(keys[number % len(keys)], [markets[number % len(markets)]]) for number in range(SOCKETS)]
    with listening(port, sockets, pace.batch_ms) as client:
        committed = stack.call(
            "trade",
            module="benchmarks.stream_jobs",
            markets=markets,
            users=prepared["users"],
            per_second=pace.per_second,
            batch=pace.size,
            seconds=seconds,
        )
        time.sleep(LAST_S)
        client.send_signal(signal.SIGTERM)
        output, _ = client.communicate(timeout=120)
    return compare(json.loads(output), committed, SOCKETS // len(markets))


def compare(heard: dict[str, Any], committed: list[list[float]], listeners: int) -> Heard:
    delays, missing = [], 0
    for market, seq, moment in committed:
        came = heard["came"].get(f"{market:.0f}:{seq:.0f}", [])
        missing += listeners - len(came)
        delays += [max(at - moment, 0.0) * 1_000 for at in came]
    return Heard(delays, heard["frames"], heard["gaps"], missing, heard["closed"], len(committed))


@contextmanager
def listening(port: int, sockets: list[tuple[str, list[int]]], batch_ms: int) -> Iterator[subprocess.Popen[str]]:
    """A process whose sockets are all subscribed."""
    command = [sys.executable, "-m", "benchmarks.stream_client"]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
        try:
            assert client.stdin is not None
            assert client.stdout is not None
            client.stdin.write(json.dumps({"port": port, "sockets": sockets, "batch_ms": batch_ms}) + "\n")
            client.stdin.flush()
            assert client.stdout.readline() == "READY\n", "the sockets did not open"
            yield client
        finally:
            client.kill()


def _allow_files() -> None:
    """Let this process and what it starts open as many files as there are sockets."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    assert wanted > 2 * SOCKETS, f"the system allows {hard} files"
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
