"""What the benchmark of collecting runs inside Django: one process that counts, with its agent."""

import json
import statistics
import sys
import time
from typing import Any, Final

import psutil
from django.conf import settings

from common.metrics.registry import Registry
from monitoring.realtime.agent import Agent
from monitoring.types import Role

#: Of 200 series 100 are counters, 60 gauges and 40 timed, as in a busy web process.
COUNTERS: Final = 100
GAUGES: Final = 60
SKETCHES: Final = 40
TIMES_EACH: Final = 25
CYCLES: Final = 50


def measure_agent(*, seconds: int) -> dict[str, Any]:
    """Let everything change each second: times of single cycles, then of an agent that runs for ``seconds``."""
    process, before = psutil.Process(), psutil.Process().memory_info().rss
    counted = Registry()
    agent = Agent(Role.WEB, url=settings.REDIS_URL, data_dir=settings.DATA_DIR, counted=counted)
    times = []
    for number in range(CYCLES):
        _change(counted, number)
        began = time.perf_counter()
        agent.beat(shortest_s=0.0)
        times.append(time.perf_counter() - began)
    agent.start()
    began, busy, own = time.monotonic(), time.process_time(), time.thread_time()
    for number in range(seconds):
        _change(counted, number)
        time.sleep(max(began + number + 1 - time.monotonic(), 0.0))
    elapsed = time.monotonic() - began
    # What changed the numbers ran in this thread; the rest is the agent's.
    spent = (time.process_time() - busy) - (time.thread_time() - own)
    frames = agent.number
    agent.stop()
    return {
        "cycle_ms": statistics.median(times) * 1e3,
        "slow_ms": sorted(times)[int(0.95 * CYCLES)] * 1e3,
        "share": spent / elapsed,
        "growth": process.memory_info().rss - before,
        "frames": frames - CYCLES,
    }


def _change(counted: Registry, number: int) -> None:
    counter = counted.counter("bench_events_total", "Events.", ("kind",))
    gauge = counted.gauge("bench_level", "Levels.", ("kind",))
    times = counted.sketch("bench_seconds", "Times.", ("kind",))
    for kind in range(COUNTERS):
        counter.of(str(kind)).add(number + 1)
    for kind in range(GAUGES):
        gauge.of(str(kind)).set(number * kind)
    for kind in range(SKETCHES):
        child = times.of(str(kind))
        for one in range(TIMES_EACH):
            child.record(0.0005 * (one + 1) * (kind + 1))


if __name__ == "__main__":
    print(json.dumps({"measure_agent": measure_agent}[sys.argv[1]](**json.loads(sys.argv[2]))))
