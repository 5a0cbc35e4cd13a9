"""What the benchmark of stored measurements reports, and that it leaves nothing behind."""

from typing import Any

import pytest

from benchmarks.monitoring_store import FULL_DAYS, QUICK_DAYS, rows

CHART = {"chart": "90 d", "series": 12, "resolution": "14400 s from 1h", "first_ms": 60.0, "median_ms": 20.0}
ANSWERS = {
    "fill_measurements": {"rows": 36e6, "bytes": 5.8e9, "seconds": 200.0},
    "time_charts": [CHART | {"slow_ms": 30.0}, CHART | {"slow_ms": 50.1}],
    "time_ingest": {"seconds": 120, "processes": 8, "samples": 3_600, "store_ms": 600.0, "roll_up_ms": 30.0},
    "empty_measurements": None,
}


def test_each_chart_has_its_row_and_its_bound() -> None:
    asked: list[tuple[str, Any]] = []

    def call(job: str, **arguments: Any) -> Any:
        asked.append((job, arguments))
        return ANSWERS[job]

    found = rows(call)
    assert [row.is_met for row in found] == [True, False, True, True]
    assert found[0].what == "chart of 90 d, 12 series (14400 s from 1h)"
    assert found[2].figure == "5.80 GB, filled in 200 s"
    assert [job for job, _ in asked] == ["fill_measurements", "time_charts", "time_ingest", "empty_measurements"]
    assert asked[0][1] == {"series": 200, **FULL_DAYS}
    assert FULL_DAYS["minute_days"] == 90
    assert QUICK_DAYS["minute_days"] < 90


def test_the_tables_are_emptied_after_a_failure_too() -> None:
    asked: list[str] = []

    def call(job: str, **arguments: Any) -> Any:
        asked.append(job)
        if job == "time_charts":
            raise RuntimeError("the database went away")
        return ANSWERS[job]

    with pytest.raises(RuntimeError):
        rows(call, is_quick=True)
    assert asked[-1] == "empty_measurements"
