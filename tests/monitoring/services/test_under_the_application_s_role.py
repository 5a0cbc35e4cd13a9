"""The whole way from the stream to a chart with the rights that the product has in operation."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from monitoring.models import EventKind
from monitoring.selectors.event_markers import event_markers
from monitoring.selectors.history import history
from monitoring.selectors.ingest import ingest_state
from monitoring.selectors.latest import latest
from monitoring.selectors.series import stored_series
from monitoring.services import _frame_stream
from monitoring.services.record_event import record_event
from monitoring.tasks import keep_partitions, roll_up, store_samples
from monitoring.types import SeriesKey
from tests.monitoring.frames import Stream, frame, seconds

pytestmark = [pytest.mark.django_db, pytest.mark.redis]


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stream]:
    opened = Stream()
    monkeypatch.setattr(_frame_stream, "STREAM", opened.name)
    call_command("grant_app_role", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE opinion_market_app")
    yield opened
    opened.close()


def test_from_the_stream_to_a_chart(stream: Stream) -> None:
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=3)
    with time_machine.travel(start, tick=False) as clock:
        stream.add(*(frame(at, gauges={"machine_cpu_ratio": 0.5}) for at in seconds(start, 120)))
        clock.move_to(start + timedelta(seconds=120))
        # No partition has been made: storing heals itself.
        assert store_samples() == 120
        newest = latest()[SeriesKey("cpu_usage")]
        assert (newest.value, newest.at) == (50.0, start + timedelta(seconds=110))
        clock.move_to(start + timedelta(hours=2))
        assert roll_up() > 0
        assert keep_partitions() > 0
        assert keep_partitions() == 0
        record_event(kind=EventKind.DEPLOY, title="Version 2 is live", key="deploy:2")
        chart = history(series=[SeriesKey("cpu_usage")], start=start, end=start + timedelta(hours=2), step_s=3_600)
        assert chart.lines[0].values == [50.0, None]
        assert [marker.title for marker in event_markers(start=start, end=start + timedelta(hours=3))] == [
            "Version 2 is live"
        ]
        state = ingest_state()
        assert (state.frames_stored, state.buckets_waiting) == (120, 0)
        assert SeriesKey("cpu_usage") in stored_series()
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("opinion_market_app",)


def test_redis_away_is_not_an_error_of_the_task(settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    assert store_samples() == 0
