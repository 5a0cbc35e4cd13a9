"""Rollups equal what a single pass over everything would say, in whatever order it came."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection

from monitoring.models import DirtyBucket, HourRollup, MinuteRollup, Sample
from monitoring.services import roll_up as rolling
from monitoring.services.roll_up import RolledUp, roll_up
from monitoring.types import SeriesKey
from tests.monitoring.stored import Row, expected, random_values, rollups, store

pytestmark = pytest.mark.django_db
START = datetime(2026, 5, 4, 22, 30, tzinfo=UTC)
KEYS = [SeriesKey("cpu_usage"), SeriesKey("throughput"), SeriesKey("throughput", "route:GET /markets")]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as moved:
        yield moved


def rebuilt() -> tuple[list[Row], list[Row]]:
    """Minutes and hours made again from all samples."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM monitoring_minuterollup")
        cursor.execute("DELETE FROM monitoring_hourrollup")
        cursor.execute(
            "INSERT INTO monitoring_dirtybucket SELECT DISTINCT 60, date_bin('1 minute', bucket, 'epoch')"
            " FROM monitoring_sample ON CONFLICT DO NOTHING"
        )
    roll_up()
    return rollups(MinuteRollup), rollups(HourRollup)


def test_a_minute_and_an_hour_tell_min_max_sum_last_and_count(clock: time_machine.Traveller) -> None:
    first = int(START.timestamp())
    store({first + n: {KEYS[0]: value} for n, value in ((1, 20.0), (2, 90.0), (59, 50.0), (60, 86.0), (70, 1.0))})
    clock.move_to(START + timedelta(hours=2))
    assert roll_up() == RolledUp(minutes=2, hours=1)
    assert rollups(MinuteRollup) == [
        ("cpu_usage", "", START, 20.0, 90.0, 160.0, 50.0, 3, 0),
        ("cpu_usage", "", START + timedelta(minutes=1), 1.0, 86.0, 87.0, 1.0, 2, 0),
    ]
    hour = START.replace(minute=0)
    assert rollups(HourRollup) == [("cpu_usage", "", hour, 1.0, 90.0, 247.0, 1.0, 5, 0)]
    assert not DirtyBucket.objects.exists()
    assert roll_up() == RolledUp(0, 0)


def test_a_minute_waits_until_it_is_over_and_settled(clock: time_machine.Traveller) -> None:
    store({int(START.timestamp()): {KEYS[0]: 1.0}})
    clock.move_to(START + timedelta(seconds=80))
    assert roll_up() == RolledUp(0, 0)
    clock.move_to(START + timedelta(seconds=81))
    assert roll_up() == RolledUp(1, 0)
    assert list(DirtyBucket.objects.values_list("resolution_s", "bucket")) == [(3600, START.replace(minute=0))]
    clock.move_to(START.replace(minute=0) + timedelta(hours=1, seconds=91))
    assert roll_up() == RolledUp(0, 1)


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_samples_late_and_repeated_gives_the_rollups_of_one_pass(
    clock: time_machine.Traveller, seed: int
) -> None:
    chance = random.Random(seed)
    first = int(START.timestamp()) + chance.randint(-1800, 1800)
    values = random_values(chance, range(first, first + 5_400), KEYS)
    buckets = sorted({second // 10 * 10 for second in values})
    # Most come in order, some late, some twice; rollups run in between at any moment.
    order = sorted(buckets, key=lambda bucket: bucket + (chance.randint(0, 600) if chance.random() < 0.1 else 0))
    order += chance.sample(order, 20)
    while order:
        batch = order[: chance.randint(1, 40)]
        order = order[len(batch) :]
        store({second: known for second, known in values.items() if second // 10 * 10 in batch})
        clock.move_to(datetime.fromtimestamp(max(batch) + chance.randint(0, 60), UTC))
        roll_up()
    clock.move_to(START + timedelta(hours=6))
    roll_up()
    assert rollups(MinuteRollup) == expected(values, 60)
    assert rollups(HourRollup) == expected(values, 3_600)
    assert not DirtyBucket.objects.exists()
    incremental = rollups(MinuteRollup), rollups(HourRollup)
    assert rebuilt() == incremental


def test_a_failure_before_the_commit_keeps_the_marks(clock: time_machine.Traveller) -> None:
    store({int(START.timestamp()): {KEYS[0]: 1.0}})
    clock.move_to(START + timedelta(hours=2))
    with patch.object(rolling, "_write", side_effect=OperationalError("killed")), pytest.raises(OperationalError):
        roll_up()
    assert DirtyBucket.objects.count() == 1
    assert not MinuteRollup.objects.exists()
    assert roll_up() == RolledUp(1, 1)


def test_many_marked_buckets_are_done_in_batches(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling, "BATCH", 4)
    values = {int(START.timestamp()) + 60 * n: {KEYS[0]: float(n)} for n in range(30)}
    store(values)
    clock.move_to(START + timedelta(hours=3))
    assert roll_up(budget_s=0) == RolledUp(4, 1)
    assert roll_up() == RolledUp(26, 1)
    assert rollups(HourRollup) == expected(values, 3_600)


def test_missing_partitions_are_made_over_a_month_s_end(clock: time_machine.Traveller) -> None:
    end = datetime(2026, 5, 31, 23, 59, 50, tzinfo=UTC)
    clock.move_to(end)
    first = int(end.timestamp())
    values = {first + n: {KEYS[0]: float(n)} for n in range(20)}
    store(values)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'monitoring_%rollup_2026%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {name}")
    clock.move_to(end + timedelta(hours=3))
    assert roll_up() == RolledUp(2, 2)
    assert rollups(HourRollup) == expected(values, 3_600)
    assert Sample.objects.count() == 2


def test_the_command_mends_rollups_that_are_wrong(
    clock: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
) -> None:
    first = int(START.timestamp())
    values = {first + n: {KEYS[0]: float(n)} for n in range(0, 600, 7)}
    store(values)
    clock.move_to(START + timedelta(hours=2))
    roll_up()
    MinuteRollup.objects.filter(bucket=START).update(sum=0)
    call_command("rebuild_rollups")
    assert rollups(MinuteRollup) == expected(values, 60)
    call_command("rebuild_rollups")
    assert capsys.readouterr().out.splitlines() == [
        "1 minute rows and 0 hour rows were missing or wrong.",
        "0 minute rows and 0 hour rows were missing or wrong.",
    ]
