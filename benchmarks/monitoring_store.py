"""What charts cost with 200 series over 90 days, and what storing and rolling up cost.

It fills PostgreSQL with three days of ten seconds, 90 days of minutes and two years of hours, which takes some minutes
and 6 GB of disk, and times every chart.
"""

from functools import partial
from typing import Final

from benchmarks.report import Row
from benchmarks.stack import Stack

#: (name of the chart, hours it spans); each is asked for with 1 and with 12 series.
CHARTS: Final = (("1 h", 1), ("24 h", 24), ("7 d", 168), ("30 d", 720), ("90 d", 2_160))
SERIES: Final = 200
QUICK_DAYS: Final = {"sample_days": 1, "minute_days": 8, "hour_days": 120}
FULL_DAYS: Final = {"sample_days": 3, "minute_days": 90, "hour_days": 730}
CHART_MS_MAX: Final = 50.0


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    call = partial(stack.call, module="benchmarks.monitoring_jobs")
    call("migrate")
    filled = call("fill_measurements", series=SERIES, **(QUICK_DAYS if is_quick else FULL_DAYS))
    measured = call("time_charts", charts=[list(chart) for chart in CHARTS], repeats=20)
    ingest = call("time_ingest", seconds=120, processes=8)
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
