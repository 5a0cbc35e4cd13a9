"""From the stream to samples: exact rows, exactly once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.db import OperationalError, connection

from monitoring.models import DirtyBucket, IngestPosition, Sample, Series
from monitoring.services import _frame_stream
from monitoring.services import store_samples as storing
from monitoring.services.store_samples import Stored, store_samples
from monitoring.types import STREAM, Frame, Role
from tests.monitoring.frames import Stream, frame, seconds

pytestmark = [pytest.mark.django_db, pytest.mark.redis]
START = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stream]:
    opened = Stream()
    monkeypatch.setattr(_frame_stream, "STREAM", opened.name)
    with time_machine.travel(START + timedelta(minutes=2), tick=False):
        yield opened
    opened.close()


def rows(name: str, dimension: str = "") -> list[tuple[object, ...]]:
    found = Sample.objects.filter(series__name=name, series__dimension=dimension).order_by("bucket")
    return list(found.values_list("bucket", "min", "max", "sum", "last", "count", "anomaly_count"))


def asked(at: int, count: float, process: str = "web-1") -> Frame:
    """``count`` requests that no route is told of."""
    return frame(at, process=process, counters={'http_requests_total{status="200"}': count})


def cpu(at: int, value: float | None, process: str = "web-1") -> Frame:
    return frame(at, process=process, gauges={"machine_cpu_ratio": value})


def test_ten_seconds_become_one_row_of_each_series(stream: Stream) -> None:
    first = int(START.timestamp())
    for at, value in zip(
        seconds(START, 12), (0.1, 0.9, 0.2, None, 0.4, 0.5, 0.6, 0.7, 0.8, 0.3, 0.2, 0.1), strict=True
    ):
        stream.add(cpu(at, value))
    answer = store_samples()
    assert answer.frames == 12
    assert (answer.repeated, answer.refused) == (0, 0)
    assert rows("cpu_usage") == [
        (START, 10.0, 90.0, pytest.approx(450.0), 30.0, 9, 0),
        (START + timedelta(seconds=10), 10.0, 20.0, pytest.approx(30.0), 10.0, 2, 0),
    ]
    position = IngestPosition.objects.get(stream=STREAM)
    assert position.position == f"{(first + 11) * 1000 + 200}-0"
    assert (position.frames_stored, position.frames_repeated, position.frames_refused) == (12, 0, 0)
    assert list(DirtyBucket.objects.values_list("resolution_s", "bucket")) == [(60, START)]


def test_nothing_known_is_no_row_and_nothing_counted_is_zero(stream: Stream) -> None:
    stream.add(*(frame(at, counters={}) for at in seconds(START, 10)))
    store_samples()
    assert rows("throughput") == [(START, 0.0, 0.0, 0.0, 0.0, 10, 0)]
    assert rows("queue_age") == []
    assert rows("response_time") == []


def test_the_frame_about_the_whole_site_speaks_for_its_ten_seconds(stream: Stream) -> None:
    for at in seconds(START, 20):
        stream.add(cpu(at, 0.1))
        if at % 10 in (3, 8):
            age = float(at % 10)
            stream.add(frame(at, process="site", role=Role.SITE, gauges={"queue_age_seconds": age}))
    store_samples()
    assert [row[1:6] for row in rows("queue_age")] == [(3.0, 8.0, 40.0, 8.0, 10)] * 2


def test_what_no_later_frame_needs_leaves_the_stream(stream: Stream) -> None:
    first = int(START.timestamp())
    stream.add(*(cpu(first + at, 0.5) for at in (0, 1, 600)))
    with time_machine.travel(START + timedelta(seconds=602), tick=False):
        store_samples()
        assert [int(entry_id.split(b"-")[0]) for entry_id, _ in stream.client.xrange(stream.name)] == [
            (first + 600) * 1000 + 200
        ]
        # As late as may be, in two runs into one bucket.
        stream.add(cpu(first + 301, 0.5), cpu(first + 305, 0.1), late_s=299)
        assert store_samples().frames == 2
        stream.add(cpu(first + 306, 0.3), late_s=299)
        assert (store_samples().frames, rows("cpu_usage")[1][5]) == (1, 3)


def test_what_is_not_stored_yet_stays(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    first = int(START.timestamp())
    stream.add(*(cpu(first + at, 0.5) for at in (0, 400, 800)))
    monkeypatch.setattr(storing, "CHUNK", 1)
    with time_machine.travel(START + timedelta(seconds=802), tick=False):
        assert [store_samples(budget_s=0).frames for _ in range(3)] == [1, 1, 1]
    assert len(rows("cpu_usage")) == 3


def test_a_second_run_stores_nothing_again(stream: Stream) -> None:
    stream.add(*(cpu(at, 0.5) for at in seconds(START, 10)))
    store_samples()
    before = rows("cpu_usage")
    assert store_samples() == Stored()
    assert rows("cpu_usage") == before


def test_a_bucket_that_is_read_in_two_runs_is_whole(stream: Stream) -> None:
    stream.add(*(cpu(at, 0.1) for at in seconds(START, 4)))
    store_samples()
    assert rows("cpu_usage") == [(START, 10.0, 10.0, pytest.approx(40.0), 10.0, 4, 0)]
    stream.add(*(cpu(at, 0.3) for at in seconds(START + timedelta(seconds=4), 6)))
    store_samples()
    assert rows("cpu_usage") == [(START, 10.0, 30.0, pytest.approx(220.0), 30.0, 10, 0)]


def test_chunks_that_cut_a_second_in_two_change_nothing(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    for at in seconds(START, 25):
        stream.add(*(asked(at, n, f"web-{n}") for n in (1, 2, 4)))
    monkeypatch.setattr(storing, "CHUNK", 7)
    assert store_samples().frames == 75
    throughput = [row[1:6] for row in rows("throughput")]
    assert throughput == [(7.0, 7.0, 70.0, 7.0, 10), (7.0, 7.0, 70.0, 7.0, 10), (7.0, 7.0, 35.0, 7.0, 5)]


def test_a_repeated_frame_counts_once(stream: Stream) -> None:
    one = asked(int(START.timestamp()), 5)
    stream.add(one, one)
    assert store_samples() == Stored(frames=1, repeated=1, refused=0, samples=Sample.objects.count())
    stream.add(one)
    answer = store_samples()
    assert (answer.frames, answer.repeated, answer.samples) == (0, 1, 0)
    assert rows("throughput") == [(START, 5.0, 5.0, 5.0, 5.0, 1, 0)]


def test_a_late_frame_completes_its_second_and_marks_its_minute(stream: Stream) -> None:
    for at in seconds(START, 100):
        stream.add(asked(at, 1))
    store_samples()
    DirtyBucket.objects.all().delete()
    stream.add(asked(int(START.timestamp()) + 3, 6, "web-2"), late_s=97)
    assert store_samples().frames == 1
    assert rows("throughput")[0] == (START, 1.0, 7.0, 16.0, 1.0, 10, 0)
    assert list(DirtyBucket.objects.values_list("resolution_s", "bucket")) == [(60, START)]


@pytest.mark.parametrize("late_s", [301, -6])
def test_a_frame_too_late_or_from_the_future_is_counted_and_refused(stream: Stream, late_s: float) -> None:
    stream.add(cpu(int(START.timestamp()), 0.5), late_s=late_s)
    assert store_samples() == Stored(refused=1)
    assert Sample.objects.count() == 0
    assert IngestPosition.objects.get().frames_refused == 1


def test_a_second_that_can_not_be_worked_out_is_left_out_and_stops_nothing(
    stream: Stream, caplog: pytest.LogCaptureFixture
) -> None:
    first = int(START.timestamp())
    stream.add(frame(first, gauges={"machine_cpu_ratio": "much"}), cpu(first + 1, 0.5))  # type: ignore[dict-item]
    store_samples()
    assert rows("cpu_usage") == [(START, 50.0, 50.0, 50.0, 50.0, 1, 0)]
    assert "can't be worked out" in caplog.text


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"process": "web-1"}', b'{"at": "soon"}'])
def test_what_is_no_frame_is_counted_and_stops_nothing(stream: Stream, text: bytes) -> None:
    first = int(START.timestamp())
    stream.add_text(text, arrived_s=first)
    stream.add(cpu(first, 0.5))
    answer = store_samples()
    assert (answer.frames, answer.refused) == (1, 1)
    assert len(rows("cpu_usage")) == 1


def test_frames_older_than_samples_are_kept_are_refused(stream: Stream) -> None:
    stream.add(cpu(int(START.timestamp()), 0.5))
    with time_machine.travel(START + timedelta(days=3, seconds=1), tick=False):
        assert store_samples() == Stored(refused=1)
    assert Sample.objects.count() == 0


def test_a_failure_before_the_commit_loses_and_doubles_nothing(stream: Stream) -> None:
    stream.add(*(cpu(at, 0.5) for at in seconds(START, 10)))
    for step in ("_write", "_advance"):
        with patch.object(storing, step, side_effect=OperationalError("killed")), pytest.raises(OperationalError):
            store_samples()
        assert Sample.objects.count() == 0
        assert IngestPosition.objects.get().position == "0-0"
    store_samples()
    assert rows("cpu_usage") == [(START, 50.0, 50.0, pytest.approx(500.0), 50.0, 10, 0)]


def test_a_stream_that_was_cut_makes_no_stored_sample_worse(stream: Stream, caplog: pytest.LogCaptureFixture) -> None:
    stream.add(*(cpu(at, 0.5) for at in seconds(START, 8)))
    store_samples()
    stream.cut()
    stream.add(*(cpu(at, 0.9) for at in seconds(START + timedelta(seconds=8), 4)))
    store_samples()
    assert [row[5] for row in rows("cpu_usage")] == [8, 2]
    assert "was cut" in caplog.text


def test_a_missing_partition_is_made(stream: Stream) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'monitoring_sample'::regclass")
        assert cursor.fetchone() == (0,)
    stream.add(cpu(int(START.timestamp()), 0.5))
    assert store_samples().frames == 1
    assert Sample.objects.exists()


def test_series_are_made_once_and_know_their_last_day(stream: Stream) -> None:
    stream.add(cpu(int(START.timestamp()), 0.5), frame(int(START.timestamp()), process="beat-1", role=Role.BEAT))
    store_samples()
    number = Series.objects.get(name="cpu_usage", dimension="").pk
    next_day = START + timedelta(days=1)
    with time_machine.travel(next_day, tick=False):
        stream.add(cpu(int(next_day.timestamp()), 0.5))
        store_samples()
    series = Series.objects.get(name="cpu_usage", dimension="")
    assert (series.pk, series.last_on) == (number, next_day.date())
    assert Series.objects.filter(dimension="process:beat-1").exists()


def test_a_quiet_route_has_no_requests_rather_than_nothing(stream: Stream) -> None:
    first = int(START.timestamp())
    asked = {'http_requests_total{method="GET",route="/markets",status="200"}': 20.0}
    stream.add(frame(first, counters=asked), *(frame(first + n) for n in range(1, 20)))
    store_samples()
    assert [row[1:6] for row in rows("throughput", "route:GET /markets")] == [(20.0, 20.0, 20.0, 20.0, 1)]
    stream.add(*(frame(first + n) for n in range(20, 30)))
    store_samples()
    assert [row[1:6] for row in rows("throughput", "route:GET /markets")][-1] == (0.0, 0.0, 0.0, 0.0, 10)


def test_another_run_at_the_same_time_leaves_the_work_to_the_first(stream: Stream) -> None:
    stream.add(cpu(int(START.timestamp()), 0.5))
    with patch.object(IngestPosition.objects, "select_for_update") as held:
        held.return_value.filter.return_value.first.return_value = None
        assert store_samples() == Stored()
    assert Sample.objects.count() == 0
