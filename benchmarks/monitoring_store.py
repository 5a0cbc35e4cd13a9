"""What charts cost with 200 series over 90 days, and what storing and rolling up cost.

Run `python -m benchmarks.monitoring_store [--quick]`: it starts a PostgreSQL of its own, fills it with three days of
ten seconds, 90 days of minutes and two years of hours, times every chart, and removes everything again.
The full fill takes some minutes and 6 GB of disk.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.__main__ import Row
from benchmarks.stack import Stack

#: (name of the chart, hours it spans); each is asked for with 1 and with 12 series.
CHARTS: Final = (("1 h", 1), ("24 h", 24), ("7 d", 168), ("30 d", 720), ("90 d", 2_160))
SERIES: Final = 200
QUICK_DAYS: Final = {"sample_days": 1, "minute_days": 8, "hour_days": 120}
FULL_DAYS: Final = {"sample_days": 3, "minute_days": 90, "hour_days": 730}
CHART_MS_MAX: Final = 50.0


def rows(call: Callable[..., Any], *, is_quick: bool = False, show: Callable[[str], None] | None = None) -> list[Row]:
    """Fill the database of ``call`` (see ``Stack.call``), measure, and empty the tables again."""
    days = QUICK_DAYS if is_quick else FULL_DAYS
    filled = call("fill_measurements", series=SERIES, **days)
    try:
        measured = call("time_charts", charts=[list(chart) for chart in CHARTS], repeats=20)
        for hours, series in ((24, 12), (2_160, 12)) if show else ():
            show(call("explain", hours=hours, series=series))
        ingest = call("time_ingest", seconds=120, processes=8)
    finally:
        call("empty_measurements")
    found = [
        Row(
            f"chart of {one['chart']}, {one['series']} series ({one['resolution']})",
            f"median {one['median_ms']:.1f} ms, 95 % {one['slow_ms']:.1f} ms, new connection {one['first_ms']:.0f} ms",
            one["slow_ms"],
            CHART_MS_MAX,
            is_ceiling=True,
        )
        for one in measured
    ]
    found.append(
        Row(
            f"{filled['rows'] / 1e6:.1f} million rows of {SERIES} series",
            f"{filled['bytes'] / 1e9:.2f} GB, filled in {filled['seconds']:.0f} s",
        )
    )
    found.append(
        Row(
            f"storing what {ingest['processes']} processes tell of {ingest['seconds']} s",
            f"{ingest['store_ms']:.0f} ms, rolled up in {ingest['roll_up_ms']:.0f} ms ({ingest['samples']} samples)",
        )
    )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the data")
    parser.add_argument("--explain", action="store_true", help="print the plans of two charts as well")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="om-bench-", dir="/var/tmp", ignore_cleanup_errors=True) as directory:
        stack = Stack(Path(directory))

        def call(job: str, **values: Any) -> Any:
            return stack.call(job, module="benchmarks.monitoring_jobs", **values)

        try:
            stack.start()
            stack.call("migrate", module="benchmarks.monitoring_jobs")
            found = rows(call, is_quick=arguments.quick, show=print if arguments.explain else None)
        finally:
            stack.stop()
    for row in found:
        print(json.dumps(row.cells()))
    return 0 if all(row.is_met for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
