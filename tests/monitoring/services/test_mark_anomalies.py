"""Unusual minutes in samples and rollups, whenever their seconds come."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from monitoring.models import DirtyBucket, HourRollup, MinuteRollup, Sample
from monitoring.services.mark_anomalies import Unusual, mark_anomalies
from monitoring.services.roll_up import roll_up
from monitoring.types import SeriesKey
from tests.monitoring.stored import store

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
START = NOW - timedelta(minutes=10)
CPU, ELSE = SeriesKey("cpu_usage"), SeriesKey("cpu_usage", "process:web")


def seconds(count: int, *, since: int = 0) -> None:
    first = int(START.timestamp())
    store({first + second: {CPU: 1.0, ELSE: 1.0} for second in range(since, count)})


def told(model: type[Sample] | type[MinuteRollup] | type[HourRollup], dimension: str = "") -> list[int]:
    found = model.objects.filter(series__dimension=dimension).order_by("bucket")
    return list(found.values_list("anomaly_count", flat=True))


def later(minutes: int) -> time_machine.travel:
    return time_machine.travel(NOW + timedelta(minutes=minutes), tick=False)


def mark(start_min: int, end_min: int, *, is_unusual: bool = True) -> int:
    begin, end = START + timedelta(minutes=start_min), START + timedelta(minutes=end_min)
    return mark_anomalies([Unusual("cpu_usage", begin, end, is_unusual=is_unusual)])


def test_a_marked_minute_is_unusual_at_every_resolution_and_only_for_the_whole_site() -> None:
    with later(0):
        seconds(180)
        roll_up()
    assert mark(1, 2) == 7
    assert mark(1, 2) == 0
    with later(120):
        roll_up()
    assert told(Sample) == [0] * 6 + [10] * 6 + [0] * 6
    assert told(MinuteRollup) == [0, 60, 0]
    assert told(HourRollup) == [60]
    assert told(MinuteRollup, "process:web") == [0, 0, 0]


def test_seconds_that_come_late_are_unusual_too() -> None:
    with later(0):
        seconds(65)
    assert mark(1, 2) == 1
    with later(0):
        # The rest of a sample that is marked, and a sample that wasn't there.
        seconds(75, since=60)
    assert told(Sample) == [0] * 6 + [10, 0]
    assert mark(1, 2) == 1
    assert told(Sample) == [0] * 6 + [10, 5]


def test_a_verdict_takes_the_mark_away() -> None:
    with later(0):
        seconds(120)
        roll_up()
    mark(0, 2)
    mark(1, 2, is_unusual=False)
    with later(120):
        roll_up()
    assert told(MinuteRollup) == [60, 0]
    assert told(HourRollup) == [60]
    assert not DirtyBucket.objects.exists()


def test_a_series_that_was_never_stored_is_left_out() -> None:
    assert mark_anomalies([]) == 0
    assert mark_anomalies([Unusual("nobody", START, NOW)]) == 0
