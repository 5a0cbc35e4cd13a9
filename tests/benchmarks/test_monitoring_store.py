"""What the benchmark of stored measurements reports."""

from typing import Any, cast

from benchmarks.monitoring_store import FULL_DAYS, QUICK_DAYS, rows
from benchmarks.stack import Stack

CHART = {"chart": "90 d", "series": 12, "resolution": "14400 s from 1h", "first_ms": 60.0, "median_ms": 20.0}
ANSWERS = {
    "fill_measurements": {"rows": 36e6, "bytes": 5.8e9, "seconds": 200.0},
    "time_charts": [CHART | {"slow_ms": 30.0}, CHART | {"slow_ms": 50.1}],
    "time_ingest": {"seconds": 120, "processes": 8, "samples": 3_600, "store_ms": 600.0, "roll_up_ms": 30.0},
    "migrate": None,
}


class Answering:
    """A stack whose jobs are done already."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def call(self, job: str, *, module: str, **arguments: Any) -> Any:
        assert module == "benchmarks.monitoring_jobs"
        self.asked.append((job, arguments))
        return ANSWERS[job]


def test_each_chart_has_its_row_and_its_bound() -> None:
    stack = Answering()
    found = rows(cast("Stack", stack), is_quick=False)
    assert [row.is_met for row in found] == [True, False, True, True]
    assert found[0].what == "chart of 90 d, 12 series (14400 s from 1h)"
    assert found[2].figure == "5.80 GB, filled in 200 s"
    assert [job for job, _ in stack.asked] == ["migrate", "fill_measurements", "time_charts", "time_ingest"]
    assert stack.asked[1][1] == {"series": 200, **FULL_DAYS}
    assert FULL_DAYS["minute_days"] == 90
    assert QUICK_DAYS["minute_days"] < 90
