"""Trends, insights and layouts as plain values."""

import pytest

from monitoring.engine.cards import Direction, Trend, Verdict, trend_of
from monitoring.engine.catalogue import CATALOGUE, DEFAULT_THRESHOLDS
from monitoring.engine.insights import INSIGHTS_MAX, insights_of
from monitoring.engine.layout import By, Panel, PanelKind, document_of, fault_of, is_dimension, panel_of

CPU, HITS, THROUGHPUT = CATALOGUE["cpu_usage"], CATALOGUE["cache_hit_rate"], CATALOGUE["throughput"]


def hour(before: float | None, now: float | None) -> list[float | None]:
    return [before] * 5 + [None] * 55 + [now] * 5


def test_a_trend_is_judged_by_what_is_better() -> None:
    up = Trend(20.0, 30.0, 10.0, 50.0, Direction.UP, Verdict.WORSE)
    assert trend_of(CPU, hour(20.0, 30.0)) == up
    assert trend_of(HITS, hour(50.0, 40.0)) == Trend(50.0, 40.0, -10.0, -20.0, Direction.DOWN, Verdict.WORSE)
    assert trend_of(HITS, hour(50.0, 60.0)).verdict is Verdict.BETTER
    assert trend_of(THROUGHPUT, hour(10.0, 40.0)).verdict is Verdict.SAME


def test_what_cannot_be_seen_is_no_change() -> None:
    assert trend_of(CPU, hour(50.0, 51.0)).direction is Direction.FLAT
    assert trend_of(CPU, hour(0.01, 0.05)).direction is Direction.FLAT
    assert trend_of(CPU, hour(0.0, 5.0)) == Trend(0.0, 5.0, 5.0, None, Direction.UP, Verdict.WORSE)


@pytest.mark.parametrize(("before", "now"), [(None, 1.0), (1.0, None), (None, None)])
def test_without_both_ends_the_trend_is_unknown(before: float | None, now: float | None) -> None:
    trend = trend_of(CPU, hour(before, now))
    assert (trend.change, trend.direction, trend.verdict) == (None, Direction.UNKNOWN, Verdict.UNKNOWN)


def test_the_worst_is_said_first_with_its_evidence() -> None:
    values = {"cpu_usage": 91.0, "memory_usage": 80.0, "response_time": 10.0, "health_score": 20.0}
    trends = {"response_time": trend_of(CATALOGUE["response_time"], hour(5.0, 10.0))}
    found = insights_of(CATALOGUE.values(), values, DEFAULT_THRESHOLDS, trends, ["the worker"])
    assert [(one.severity, one.title, one.series) for one in found] == [
        ("critical", "Nothing is heard from the worker.", ""),
        ("critical", "CPU: 91.0 %.", "cpu_usage"),
        ("warning", "Memory: 80.0 %.", "memory_usage"),
        ("info", "Response time rose by 100 % within the hour, which is worse.", "response_time"),
    ]
    assert found[1].detail.endswith("Critical begins at 85.0 %.")
    assert found[3].detail == "From 5.0 ms to 10.0 ms, each the mean of five minutes."


def test_insights_end_somewhere() -> None:
    silent = [f"part {number}" for number in range(50)]
    assert len(insights_of([], {}, {}, {}, silent)) == INSIGHTS_MAX
    assert insights_of(CATALOGUE.values(), {}, DEFAULT_THRESHOLDS, {}) == []


def test_a_panel_goes_to_its_document_and_back() -> None:
    panel = Panel(("cpu_usage", "orders"), "", By.PROCESS, PanelKind.TABLE, "Who", 4)
    assert panel_of(document_of(panel)) == panel
    assert fault_of(panel) is None


@pytest.mark.parametrize(
    ("dimension", "is_one"),
    [
        ("", True),
        ("process:web-h-1", True),
        ("route:GET /x", True),
        ("process:", False),
        ("process", False),
        ("host:a", False),
        ("route:" + "x" * 200, False),
    ],
)
def test_dimensions(dimension: str, is_one: bool) -> None:
    assert is_dimension(dimension) is is_one
