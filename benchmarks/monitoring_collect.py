"""What it costs a process to measure itself: `python -m benchmarks.monitoring_collect [--quick]`.

A process whose 200 series all change each second, on servers of the run's own, which it removes again. Processor time
is the agent's alone; memory is what the process grew by, without the modules, which were loaded before.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.__main__ import Row
from benchmarks.collect_jobs import COUNTERS, GAUGES, SKETCHES
from benchmarks.stack import Stack

CYCLE_MS_MAX: Final = 100.0
SHARE_MAX: Final = 0.01
GROWTH_MB_MAX: Final = 30.0
SECONDS: Final = 20
QUICK_SECONDS: Final = 5


def rows(call: Callable[..., Any], *, seconds: int = SECONDS) -> list[Row]:
    """``call`` is that of a ``Stack``, which needs its Redis only."""
    found = call("measure_agent", module="benchmarks.collect_jobs", seconds=seconds)
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    seconds = QUICK_SECONDS if parser.parse_args().quick else SECONDS
    with tempfile.TemporaryDirectory(prefix="om-bench-", dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        stack = Stack(Path(folder))
        try:
            stack.start()
            found = rows(stack.call, seconds=seconds)
        finally:
            stack.stop()
    for row in found:
        print("    ".join(cell for cell in row.cells() if cell))
    sys.exit(0 if all(row.is_met for row in found) else 1)


if __name__ == "__main__":
    main()
