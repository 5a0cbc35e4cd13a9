from dataclasses import replace

import pytest

from monitoring.engine.machine import Reading, levels

BEFORE = Reading(
    at=100.0,
    cpu_seconds=50.0,
    cpu_capacity=2.0,
    periods=10,
    periods_throttled=1,
    stalled_cpu_s=3.0,
    stalled_memory_s=1.0,
    memory_used=300,
    memory_total=1000,
    memory_available=700,
    disk_used=90,
    disk_total=100,
    disk_read=1000,
    disk_written=2000,
    received=10,
    sent=20,
)
AFTER = replace(
    BEFORE,
    at=102.0,
    cpu_seconds=51.0,
    periods=20,
    periods_throttled=6,
    stalled_cpu_s=3.5,
    disk_read=1500,
    disk_written=2000,
    received=110,
    sent=24,
    memory_used=400,
)


def test_how_busy_it_was_between_two_readings() -> None:
    assert levels(BEFORE, AFTER) == {
        "cpu_ratio": 0.25,
        "cpu_throttled_ratio": 0.5,
        "cpu_pressure_ratio": 0.25,
        "memory_pressure_ratio": 0.0,
        "memory_ratio": 0.4,
        "memory_available_bytes": 700,
        "disk_ratio": 0.9,
        "disk_read_bytes": 250.0,
        "disk_write_bytes": 0.0,
        "network_in_bytes": 50.0,
        "network_out_bytes": 2.0,
    }


def test_what_is_not_known_is_none() -> None:
    assert set(levels(Reading(at=1.0), Reading(at=2.0)).values()) == {None}


def test_a_counter_that_began_anew_is_a_gap() -> None:
    again = replace(AFTER, cpu_seconds=0.5, disk_read=3, received=0)
    told = levels(BEFORE, again)
    assert (told["cpu_ratio"], told["disk_read_bytes"], told["network_in_bytes"]) == (None, None, None)


def test_no_share_is_above_one() -> None:
    assert levels(BEFORE, replace(AFTER, cpu_seconds=90.0, memory_used=2000))["cpu_ratio"] == 1.0


def test_a_limit_without_a_busy_period_held_nothing_back() -> None:
    assert levels(BEFORE, replace(AFTER, periods=10, periods_throttled=1))["cpu_throttled_ratio"] == 0.0
    assert levels(BEFORE, replace(AFTER, periods=None))["cpu_throttled_ratio"] is None


def test_no_time_has_no_rate() -> None:
    assert levels(BEFORE, replace(AFTER, at=BEFORE.at))["disk_read_bytes"] is None


@pytest.mark.parametrize("name", ["memory_total", "disk_total", "cpu_capacity"])
def test_nothing_is_shared_of_nothing(name: str) -> None:
    assert None in levels(BEFORE, replace(AFTER, **{name: 0})).values()
