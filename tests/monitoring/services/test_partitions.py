"""Partitions are there before they are needed and go when they are old, by the application's own role."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import DataError, ProgrammingError, connection, transaction

from monitoring.models import Event, EventKind, HourRollup, MinuteRollup, Sample, Series
from monitoring.services.drop_partitions import drop_partitions
from monitoring.services.make_partitions import make_partitions
from monitoring.services.record_event import record_event

pytestmark = pytest.mark.django_db
TODAY = datetime.now(UTC).date()
_PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass ORDER BY 1"


@pytest.fixture
def _app_role() -> Iterator[None]:
    call_command("grant_app_role", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE opinion_market_app")
        yield
        if not connection.needs_rollback:
            cursor.execute("RESET ROLE")


def partitions(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_PARTITIONS, [table])
        return [row[0] for row in cursor.fetchall()]


def _folded(bucket: datetime) -> dict[str, object]:
    return {"series_id": 1, "bucket": bucket, "min": 1, "max": 3, "sum": 4, "last": 3, "count": 2, "anomaly_count": 0}


@pytest.mark.usefixtures("_app_role")
def test_tomorrow_is_there_before_midnight() -> None:
    make_partitions()
    days = [TODAY + timedelta(days=ahead) for ahead in range(4)]
    assert partitions("monitoring_sample") == [f"monitoring_sample_{day:%Y%m%d}" for day in days]
    assert partitions("monitoring_minuterollup") == [f"monitoring_minuterollup_{day:%Y%m%d}" for day in days]
    months = sorted({day.replace(day=1) for day in days})
    assert partitions("monitoring_hourrollup") == [f"monitoring_hourrollup_{month:%Y%m%d}" for month in months]
    assert make_partitions() == 0


@pytest.mark.usefixtures("_app_role")
def test_each_row_finds_its_partition_at_midnight_and_at_the_end_of_a_month() -> None:
    midnight = datetime(2026, 3, 1, tzinfo=UTC)
    make_partitions(days=[date(2026, 2, 28), date(2026, 3, 1)])
    for moment in (midnight - timedelta(seconds=10), midnight):
        Sample.objects.create(**_folded(moment))
        MinuteRollup.objects.create(**_folded(moment))
        HourRollup.objects.create(**_folded(moment))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM monitoring_hourrollup ORDER BY bucket")
        assert [row[0] for row in cursor.fetchall()] == [
            "monitoring_hourrollup_20260201",
            "monitoring_hourrollup_20260301",
        ]
        cursor.execute("SELECT tableoid::regclass::text FROM monitoring_sample ORDER BY bucket")
        assert [row[0] for row in cursor.fetchall()] == ["monitoring_sample_20260228", "monitoring_sample_20260301"]


@pytest.mark.usefixtures("_app_role")
def test_old_partitions_are_dropped_and_the_last_days_stay() -> None:
    ages = {"monitoring_sample": 3, "monitoring_minuterollup": 90, "monitoring_hourrollup": 730}
    make_partitions(days=[TODAY - timedelta(days=age + extra) for age in ages.values() for extra in (0, 1, 40)])
    Series.objects.create(name="cpu_usage", dimension="process:web-1", last_on=TODAY - timedelta(days=762))
    Series.objects.create(name="cpu_usage", dimension="", last_on=TODAY - timedelta(days=760))
    dropped = drop_partitions()
    assert f"monitoring_sample_{TODAY - timedelta(days=4):%Y%m%d}" in dropped
    assert partitions("monitoring_sample") == [f"monitoring_sample_{TODAY - timedelta(days=3):%Y%m%d}"]
    kept = [name[-8:] for name in partitions("monitoring_minuterollup")]
    assert min(kept) == f"{TODAY - timedelta(days=90):%Y%m%d}"
    kept = [name[-8:] for name in partitions("monitoring_hourrollup")]
    assert min(kept) == f"{(TODAY - timedelta(days=730)).replace(day=1):%Y%m%d}"
    assert [series.dimension for series in Series.objects.all()] == [""]
    assert drop_partitions() == []


@pytest.mark.usefixtures("_app_role")
def test_processes_are_forgotten_with_their_minutes_and_events_with_everything() -> None:
    for dimension, age in (("process:web-1", 91), ("process:web-2", 90), ("route:GET /", 91)):
        Series.objects.create(name="throughput", dimension=dimension, last_on=TODAY - timedelta(days=age))
    for title, age in (("old", 762), ("kept", 760)):
        record_event(kind=EventKind.DEPLOY, title=title, at=datetime.now(UTC) - timedelta(days=age))
    drop_partitions()
    assert set(Series.objects.values_list("dimension", flat=True)) == {"process:web-2", "route:GET /"}
    assert [event.title for event in Event.objects.all()] == ["kept"]


@pytest.mark.usefixtures("_app_role")
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT monitoring_make_partition('trading_order', current_date)",
        "SELECT monitoring_make_partition('monitoring_sample', current_date + 60)",
        "SELECT monitoring_drop_partitions('trading_order', current_date)",
        "SELECT monitoring_drop_partitions('monitoring_sample', current_date + 1)",
    ],
)
def test_the_functions_do_nothing_else(statement: str) -> None:
    before = partitions("monitoring_sample")
    with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert partitions("monitoring_sample") == before


def test_other_roles_may_not_call_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE monitoring_stranger")
        cursor.execute("SET LOCAL ROLE monitoring_stranger")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("SELECT monitoring_make_partition('monitoring_sample', current_date)")
        cursor.execute("RESET ROLE")


@time_machine.travel("2026-06-30T23:59:00Z", tick=False)
def test_days_are_counted_in_utc() -> None:
    make_partitions()
    assert partitions("monitoring_hourrollup") == ["monitoring_hourrollup_20260601", "monitoring_hourrollup_20260701"]
