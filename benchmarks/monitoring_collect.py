"""What it costs a process to measure itself.

A process whose 200 series all change each second, on servers of the run's own, which it removes again. Processor time
is the agent's alone; memory is what the process grew by, without the modules, which were loaded before.
"""

from typing import Final

from benchmarks.collect_jobs import COUNTERS, GAUGES, SKETCHES
from benchmarks.report import Row
from benchmarks.stack import Stack

CYCLE_MS_MAX: Final = 100.0
SHARE_MAX: Final = 0.01
GROWTH_MB_MAX: Final = 30.0
SECONDS: Final = 20
QUICK_SECONDS: Final = 5


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    seconds = QUICK_SECONDS if is_quick else SECONDS
    found = stack.call("measure_agent", module="benchmarks.collect_jobs", seconds=seconds)
    series = COUNTERS + GAUGES + SKETCHES
    growth_mb = found["growth"] / 1e6
    return [
        Row(
            f"collect and publish {series} series once",
            f"p95 {found['slow_ms']:.1f} ms, median {found['cycle_ms']:.1f} ms",
            found["slow_ms"],
            CYCLE_MS_MAX,
            is_ceiling=True,
        ),
        Row(
            f"measuring each second, share of a core over {seconds} s",
            f"{found['share']:.2%}, {found['frames']} frames",
            found["share"] * 100,
            SHARE_MAX * 100,
            is_ceiling=True,
        ),
        Row(
            "memory that measuring takes in a process", f"{growth_mb:.1f} MB", growth_mb, GROWTH_MB_MAX, is_ceiling=True
        ),
    ]
