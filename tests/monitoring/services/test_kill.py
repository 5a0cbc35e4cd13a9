"""A worker that is killed at the worst moment loses nothing and doubles nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection

from monitoring.models import DirtyBucket, IngestPosition, MinuteRollup, Sample, Series
from monitoring.services import _frame_stream
from monitoring.services.roll_up import roll_up
from monitoring.services.store_samples import store_samples
from tests.monitoring.frames import Stream, frame, seconds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis]
START = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
NOW = START + timedelta(minutes=10)
#: Runs a service in another process, which stops for ever right before the step that is named, inside the transaction.
_HANG: str = """
import sys, time, django, time_machine
django.setup()
from django.conf import settings
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
from monitoring.services import _frame_stream, roll_up, store_samples
_frame_stream.STREAM = sys.argv[2]
module = {"roll_up": roll_up, "store_samples": store_samples}[sys.argv[3]]
def hang(*arguments, **named):
    print("hangs", flush=True)
    time.sleep(300)
setattr(module, sys.argv[4], hang)
with time_machine.travel(float(sys.argv[5]), tick=False):
    getattr(module, sys.argv[3])()
"""


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stream]:
    opened = Stream()
    monkeypatch.setattr(_frame_stream, "STREAM", opened.name)
    with time_machine.travel(NOW, tick=False):
        yield opened
    opened.close()


def _killed_before(step: str, service: str, stream: Stream, project_dir: Path) -> None:
    name = str(settings.DATABASES["default"]["NAME"])
    command = [sys.executable, "-c", _HANG, name, stream.name, service, step, str(NOW.timestamp())]
    process = subprocess.Popen(command, cwd=project_dir, env=os.environ.copy(), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as output:
        assert output.readline() == "hangs\n"
        process.send_signal(signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    _wait_for_other_transactions()


def _wait_for_other_transactions() -> None:
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)
    raise AssertionError("the killed process still holds its transaction")


def _fill(stream: Stream) -> None:
    stream.add(*(frame(at, gauges={"machine_cpu_ratio": 0.5}) for at in seconds(START, 60)))


def test_killed_after_writing_samples_and_before_the_position(stream: Stream, project_dir: Path) -> None:
    _fill(stream)
    _killed_before("_advance", "store_samples", stream, project_dir)
    assert not Sample.objects.exists()
    assert not Series.objects.exists()
    assert not DirtyBucket.objects.exists()
    assert store_samples().frames == 60
    assert (
        list(Sample.objects.filter(series__name="cpu_usage", series__dimension="").values_list("count", flat=True))
        == [10] * 6
    )
    assert IngestPosition.objects.get().frames_stored == 60
    assert store_samples().frames == 0


def test_killed_after_taking_the_marks_and_before_the_rollup(stream: Stream, project_dir: Path) -> None:
    _fill(stream)
    store_samples()
    _killed_before("_write", "roll_up", stream, project_dir)
    assert list(DirtyBucket.objects.values_list("resolution_s", "bucket")) == [(60, START)]
    roll_up()
    cpu = MinuteRollup.objects.get(series__name="cpu_usage", series__dimension="")
    assert (cpu.bucket, cpu.count, cpu.sum) == (START, 60, 3_000.0)
