import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pytest_django import DjangoCaptureOnCommitCallbacks

from common import bus, clock
from monitoring.forecasting.events import AnomalyFound
from monitoring.forecasting.models import Anomaly, DataPoint, Insight, Prediction, Verdict, WatchedSeries
from monitoring.forecasting.services.add_data_point import add_data_point
from monitoring.forecasting.services.judge_anomaly import judge_anomaly
from monitoring.forecasting.services.make_forecasts import make_forecasts
from monitoring.forecasting.services.watch_series import watch_series
from monitoring.models import EventKind, Sample
from monitoring.services.make_partitions import make_partitions
from monitoring.services.record_event import record_event
from monitoring.types import SeriesKey
from tests.factories.accounts import make_dave
from tests.monitoring.stored import store

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 12, 0, 40, tzinfo=UTC)
MINUTES = 10 * 60


def store_minutes(spike: int | None, *, end: datetime = NOW, minutes: int = MINUTES, is_slow: bool = False) -> None:
    """CPU about 30 % and response time about 20 ms each minute; both jump in the minute ``spike`` from the end."""
    luck = random.Random(1)
    last = int(end.timestamp()) // 60 * 60
    values = {}
    for back in range(minutes, 0, -1):
        jump = 60.0 if spike is not None and back <= spike else 0.0
        values[last - 60 * back] = {
            SeriesKey("cpu_usage"): 30.0 + luck.gauss(0.0, 1.0) + jump,
            SeriesKey("response_time"): 20.0 + luck.gauss(0.0, 0.5) + jump,
        }
    store(values)


def latest_anomalies() -> list[Anomaly]:
    """Those of the last ten minutes; of hours of noise a value or two may be odd."""
    return list(Anomaly.objects.filter(at__gte=clock.now() - timedelta(minutes=10)))


@pytest.fixture(autouse=True)
def _partitions() -> None:
    with time_machine.travel(NOW, tick=False):
        make_partitions()


@time_machine.travel(NOW, tick=False)
def test_a_jump_is_found_once_with_what_it_means() -> None:
    record_event(kind=EventKind.DEPLOY, title="Version 1.4.1", at=NOW - timedelta(minutes=5))
    store_minutes(3)
    first = watch_series()
    found = next(one for one in latest_anomalies() if one.name == "cpu_usage")
    assert found.at == datetime(2026, 5, 4, 11, 57, tzinfo=UTC)
    assert found.value > 85
    assert 25 < found.expected < 35
    assert found.severity >= found.threshold == 2.5
    insight = Insight.objects.get(anomaly=found)
    assert insight.title.startswith("CPU rose to ")
    assert insight.evidence["events"][0]["title"] == "Version 1.4.1"
    assert [entry["series"] for entry in insight.evidence["moved_with"]] == ["response_time"]
    assert insight.evidence["values"][-1] == found.value
    # Once more, and after a lost state: nothing is found twice.
    assert watch_series() == 0
    WatchedSeries.objects.update(state=None, read_to=NOW.replace(second=0) - timedelta(days=1))
    assert watch_series() == 0
    assert Anomaly.objects.count() == first


@time_machine.travel(NOW, tick=False)
def test_charts_show_the_minutes_that_were_unusual_until_somebody_says_otherwise() -> None:
    store_minutes(3)
    watch_series()
    found = next(one for one in latest_anomalies() if one.name == "cpu_usage")
    assert (found.lasted_min, found.ended_at) == (3, datetime(2026, 5, 4, 12, 0, tzinfo=UTC))
    last = Sample.objects.filter(series__name="cpu_usage", bucket__gte=NOW - timedelta(minutes=6)).order_by("bucket")
    counts = last.values_list("anomaly_count", flat=True)
    assert list(counts) == [0, 0, 1, 1, 1]
    # A run that was lost, or rows that came late: the next run marks them.
    Sample.objects.update(anomaly_count=0)
    watch_series()
    assert list(counts.all()) == [0, 0, 1, 1, 1]
    judge_anomaly(anomaly_id=found.pk, verdict=Verdict.NORMAL, actor_id=make_dave().pk)
    watch_series()
    assert list(counts.all()) == [0, 0, 0, 0, 0]
    judge_anomaly(anomaly_id=found.pk, verdict=Verdict.REAL, actor_id=found.judged_by_id or make_dave().pk)
    assert list(counts.all()) == [0, 0, 1, 1, 1]


@time_machine.travel(NOW, tick=False)
def test_an_anomaly_goes_on_from_run_to_run() -> None:
    store_minutes(2)
    watch_series()
    found = next(one for one in latest_anomalies() if one.name == "cpu_usage")
    assert found.lasted_min == 2
    later = NOW + timedelta(minutes=2)
    with time_machine.travel(later, tick=False):
        store_minutes(2, end=later, minutes=2)
        assert watch_series() == 0
    found.refresh_from_db()
    assert found.lasted_min == 4


@time_machine.travel(NOW, tick=False)
def test_its_state_survives_and_minutes_go_on() -> None:
    store_minutes(None)
    watch_series()
    kept = WatchedSeries.objects.get(name="cpu_usage")
    assert kept.read_to == datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    assert kept.state is not None
    later = NOW + timedelta(minutes=5)
    with time_machine.travel(later, tick=False):
        store_minutes(1, end=later, minutes=4)
        watch_series()
        assert {one.name for one in latest_anomalies()} == {"cpu_usage", "response_time"}
        # Five minutes are too few to keep the state anew.
        assert WatchedSeries.objects.get(name="cpu_usage").read_to == kept.read_to


@time_machine.travel(NOW, tick=False)
def test_a_found_anomaly_is_told(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    told: list[AnomalyFound] = []
    bus.subscribe(AnomalyFound)(told.append)
    store_minutes(3)
    with django_capture_on_commit_callbacks(execute=True):
        watch_series()
    bus._handlers[AnomalyFound].remove(told.append)
    assert {fact.name for fact in told} == {"cpu_usage", "response_time"}


@time_machine.travel(NOW, tick=False)
def test_not_an_anomaly_makes_the_series_more_tolerant() -> None:
    store_minutes(3)
    watch_series()
    found = next(one for one in latest_anomalies() if one.name == "cpu_usage")
    judge_anomaly(anomaly_id=found.pk, verdict=Verdict.NORMAL, actor_id=make_dave().pk)
    series = WatchedSeries.objects.get(name="cpu_usage")
    assert series.tolerance == pytest.approx(min(4.0, 1.1 * found.severity / 2.5))
    assert WatchedSeries.objects.get(name="response_time").tolerance == 1.0


@time_machine.travel(NOW, tick=False)
def test_a_sent_metric_is_watched_and_forecast() -> None:
    luck = random.Random(2)
    for back in range(MINUTES, 0, -1):
        value = 500.0 if back == 2 else 20.0 + luck.gauss(0.0, 1.0)
        at = NOW.replace(second=0) - timedelta(minutes=back)
        DataPoint.objects.create(name="office_temperature", value=value, at=at, metadata={})
    watch_series()
    assert [one.name for one in latest_anomalies()] == ["office_temperature"]
    assert make_forecasts() == 4
    assert set(Prediction.objects.values_list("name", "horizon_min")) == {
        ("office_temperature", horizon) for horizon in (15, 30, 60, 120)
    }
    made = Prediction.objects.get(horizon_min=15)
    assert made.low_95 <= made.low_80 <= made.value <= made.high_80 <= made.high_95
    # Made again, they replace the ones before.
    assert make_forecasts() == 4
    assert Prediction.objects.count() == 4


@time_machine.travel(NOW, tick=False)
def test_a_counter_is_watched_by_its_growth() -> None:
    total = 0.0
    for back in range(MINUTES, 0, -1):
        total = 11.0 if back == 100 else total + (500.0 if back == 2 else 10.0 + back % 3)
        at = NOW.replace(second=0) - timedelta(minutes=back)
        DataPoint.objects.create(name="parcels_total", value=total, at=at, metadata={"kind": "counter"})
    watch_series()
    assert [one.value for one in latest_anomalies()] == [500.0]


@time_machine.travel(NOW, tick=False)
def test_a_late_point_is_for_forecasts_only() -> None:
    store_minutes(None)
    watch_series()
    add_data_point(name="late", value=1.0, metadata={}, at=NOW - timedelta(hours=3))
    assert watch_series() == 0


@time_machine.travel(NOW, tick=False)
def test_old_points_and_anomalies_go() -> None:
    DataPoint.objects.create(name="old", value=1.0, at=NOW - timedelta(days=15), metadata={})
    Anomaly.objects.create(
        name="old", at=NOW - timedelta(days=91), value=1.0, expected=0.0, severity=3.0, threshold=2.5
    )
    watch_series()
    assert (DataPoint.objects.count(), Anomaly.objects.count()) == (0, 0)
