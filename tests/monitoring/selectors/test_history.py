"""Charts: which rows they read, gaps, and that the newest seconds are there."""

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from monitoring.errors import HistoryInvalid
from monitoring.models import DirtyBucket, HourRollup, MinuteRollup, Sample
from monitoring.selectors.history import AGGREGATES, History, history
from monitoring.services.make_partitions import make_partitions
from monitoring.services.roll_up import roll_up
from monitoring.types import SeriesKey
from tests.monitoring.stored import random_values, store

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CPU, ROUTE = SeriesKey("cpu_usage"), SeriesKey("throughput", "route:GET /markets")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def second(moment: datetime) -> int:
    return int(moment.timestamp())


def test_ten_seconds_of_an_hour(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first = second(ago(minutes=60))
    store({first: {CPU: 1.0}, first + 4: {CPU: 3.0}, first + 20: {CPU: 90.0, ROUTE: 7.0}})
    with django_assert_num_queries(2):
        chart = history(series=[ROUTE, CPU, SeriesKey("orders")], start=ago(minutes=60), end=NOW)
    assert (chart.resolution, chart.step_s, chart.start, chart.end) == ("10s", 10, ago(minutes=60), NOW)
    assert chart.times == list(range(first, first + 3600, 10))
    route, cpu, orders = chart.lines
    assert (route.key, cpu.key, orders.key) == (ROUTE, CPU, SeriesKey("orders"))
    assert cpu.values == [2.0, None, 90.0] + [None] * 357
    assert cpu.min == [1.0, None, 90.0] + [None] * 357
    assert cpu.max == [3.0, None, 90.0] + [None] * 357
    assert cpu.anomaly_count == [0, None, 0] + [None] * 357
    assert route.values == [None, None, 7.0] + [None] * 357
    assert orders.values == orders.min == orders.max == orders.anomaly_count == [None] * 360


def test_no_series_was_ever_stored(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        chart = history(series=[CPU], start=ago(hours=1), end=NOW)
    assert chart.lines[0].values == [None] * 360


@pytest.mark.parametrize(
    ("span", "series", "step_s", "resolution"),
    [
        (timedelta(minutes=15), 1, 10, "10s"),
        (timedelta(hours=1), 20, 10, "10s"),
        (timedelta(hours=6), 12, 60, "1m"),
        (timedelta(hours=24), 12, 180, "1m"),
        (timedelta(days=7), 1, 1_200, "1m"),
        (timedelta(days=7), 12, 3_600, "1h"),
        (timedelta(days=30), 1, 7_200, "1h"),
        (timedelta(days=90), 12, 14_400, "1h"),
        (timedelta(days=730), 1, 172_800, "1h"),
    ],
)
def test_any_range_picks_its_resolution(span: timedelta, series: int, step_s: int, resolution: str) -> None:
    keys = [SeriesKey("throughput", f"route:{number}") for number in range(series)]
    chart = history(series=keys, start=NOW - span, end=NOW)
    assert (chart.step_s, chart.resolution) == (step_s, resolution)
    assert len(chart.times) <= 601
    assert chart.start <= NOW - span
    assert chart.end >= NOW


@pytest.mark.parametrize(("days", "resolution"), [(2, "10s"), (4, "1m"), (91, "1h")])
def test_what_is_no_longer_kept_is_read_coarser(days: int, resolution: str) -> None:
    chart = history(series=[CPU], start=ago(days=days), end=ago(days=days) + timedelta(hours=1))
    assert chart.resolution == resolution


def test_the_same_step_a_week_earlier_has_the_same_length() -> None:
    this_week = history(series=[CPU], start=ago(hours=1, seconds=7), end=NOW - timedelta(seconds=7))
    week = timedelta(days=7)
    shifted = {"start": ago(hours=1, seconds=7) - week, "end": NOW - timedelta(seconds=7) - week}
    last_week = history(series=[CPU], step_s=this_week.step_s, **shifted)
    assert last_week.resolution == "1m"
    assert this_week.times[0] - last_week.times[0] in range(7 * 86_400, 7 * 86_400 + 60)


@pytest.mark.parametrize(
    ("aggregate", "value"), [("mean", 4.0), ("min", 1.0), ("max", 9.0), ("sum", 16.0), ("last", 3.0), ("count", 4.0)]
)
def test_aggregates(aggregate: str, value: float) -> None:
    first = second(ago(hours=3))
    store({first + n: {CPU: number} for n, number in ((0, 1.0), (50, 9.0), (70, 3.0), (119, 3.0))})
    chart = history(series=[CPU], start=ago(hours=3), end=NOW, step_s=120, aggregate=aggregate)
    assert chart.step_s == 120
    assert chart.lines[0].values[:2] == [value, None]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"aggregate": "median"}, "/aggregate"),
        ({"start": NOW, "end": NOW}, "/start"),
        ({"start": NOW, "end": ago(hours=1)}, "/start"),
        ({"start": ago(days=800)}, "/start"),
        ({"step_s": 0}, "/step"),
        ({"series": []}, "/series"),
        ({"series": [SeriesKey("x", str(n)) for n in range(101)]}, "/series"),
    ],
)
def test_what_can_not_be_asked(wrong: dict[str, object], field: str) -> None:
    asked: dict[str, object] = {"series": [CPU], "start": ago(hours=1), "end": NOW} | wrong
    with pytest.raises(HistoryInvalid) as caught:
        history(**asked)  # type: ignore[arg-type]
    assert caught.value.errors[0].pointer == field


def _by_hand(values: dict[int, dict[SeriesKey, float | None]], chart: History, key: SeriesKey) -> list[float | None]:
    """Means of every step, the long way."""
    sums = [[value for at in range(t, t + chart.step_s) if (value := values.get(at, {}).get(key)) is not None]
            for t in chart.times]  # fmt: skip
    return [sum(numbers) / len(numbers) if numbers else None for numbers in sums]


@pytest.mark.parametrize("seed", range(4))
def test_charts_are_complete_at_every_moment_of_the_rollups(clock: time_machine.Traveller, seed: int) -> None:
    chance = random.Random(seed)
    first = second(ago(hours=5)) + chance.randint(0, 3_000)
    values = random_values(chance, range(first, first + 9_000), [CPU, ROUTE])
    known: dict[int, dict[SeriesKey, float | None]] = {}
    pending = sorted(values, key=lambda at: at + (chance.randint(0, 300) if chance.random() < 0.05 else 0))
    while pending:
        count = chance.randint(100, 2_000)
        known |= {at: values[at] for at in pending[:count]}
        touched = {at // 10 for at in pending[:count]}
        store({at: row for at, row in known.items() if at // 10 in touched})
        newest, pending = max(known), pending[count:]
        clock.move_to(datetime.fromtimestamp(newest + chance.randint(1, 100), UTC))
        if chance.random() < 0.7:
            roll_up()
        end = datetime.fromtimestamp(newest + 1, UTC)
        for step_s in (10, 60, 3_600, 7_200):
            chart = history(series=[CPU, ROUTE], start=end - timedelta(hours=1), end=end, step_s=step_s)
            assert [line.values for line in chart.lines] == [_by_hand(known, chart, key) for key in (CPU, ROUTE)]


def test_rolled_up_rows_stand_in_for_samples_that_are_gone(clock: time_machine.Traveller) -> None:
    first = second(ago(hours=3))
    store({first + n: {CPU: float(n)} for n in range(0, 7_200, 30)})
    clock.move_to(NOW + timedelta(hours=2))
    roll_up()
    Sample.objects.all().delete()
    chart = history(series=[CPU], start=ago(hours=3), end=ago(hours=1), step_s=3_600)
    assert chart.lines[0].values == [1_785.0, 5_385.0]
    MinuteRollup.objects.all().delete()
    assert history(series=[CPU], start=ago(hours=3), end=ago(hours=1), step_s=3_600).lines == chart.lines
    assert HourRollup.objects.count() == 2


def test_a_mark_whose_finer_rows_are_gone_hides_nothing(clock: time_machine.Traveller) -> None:
    first = second(ago(hours=3))
    store({first: {CPU: 5.0}})
    clock.move_to(NOW + timedelta(days=10))
    roll_up()
    Sample.objects.all().delete()
    DirtyBucket.objects.create(resolution_s=60, bucket=ago(hours=3))
    chart = history(series=[CPU], start=ago(hours=3), end=ago(hours=2), step_s=60)
    assert chart.lines[0].values[0] == 5.0


def test_every_aggregate_is_named() -> None:
    assert set(AGGREGATES) == {"mean", "min", "max", "sum", "last", "count"}


def test_partitions_of_other_days_are_left_out_of_the_plan() -> None:
    make_partitions(days=[(NOW - timedelta(days=days)).date() for days in range(9)])
    store({second(ago(hours=30)): {CPU: 1.0}})
    roll_up()
    plans: list[str] = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "FROM monitoring_minuterollup" in sql:
            with connection.connection.cursor() as cursor:
                plans.extend(row[0] for row in cursor.execute(f"EXPLAIN {sql}", params).fetchall())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        history(series=[CPU], start=ago(hours=30), end=ago(hours=26), step_s=60)
    assert set(re.findall(r"monitoring_\w+_\d{8}(?= )", "\n".join(plans))) == {
        f"monitoring_minuterollup_{ago(hours=30):%Y%m%d}"
    }
