"""Storing and rolling up at the same moment, each in its own transaction."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction

from monitoring.models import DirtyBucket, MinuteRollup
from monitoring.services.roll_up import RolledUp, roll_up
from monitoring.types import SeriesKey
from tests.monitoring.stored import store

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
CPU = SeriesKey("cpu_usage")


@pytest.fixture(autouse=True)
def _later() -> Iterator[None]:
    with time_machine.travel(START + timedelta(minutes=5), tick=False):
        yield


class Storing:
    """Another process that has written a late sample and has not committed yet."""

    def __init__(self, second: int, value: float) -> None:
        self.has_written, self.may_commit = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run, args=(second, value))
        self.thread.start()
        assert self.has_written.wait(10)

    def _run(self, second: int, value: float) -> None:
        with transaction.atomic():
            store({second: {CPU: value}})
            self.has_written.set()
            assert self.may_commit.wait(10)
        connection.close()

    def commit(self) -> None:
        self.may_commit.set()
        self.thread.join(10)


def test_a_rollup_leaves_a_minute_that_is_being_written_for_the_next_run() -> None:
    first = int(START.timestamp())
    store({first: {CPU: 1.0}})
    late = Storing(first + 30, 3.0)
    try:
        assert roll_up() == RolledUp(0, 0)
    finally:
        late.commit()
    assert roll_up() == RolledUp(1, 0)
    row = MinuteRollup.objects.get()
    assert (row.sum, row.count, row.last) == (4.0, 2, 3.0)


def test_a_sample_that_comes_while_its_minute_is_rolled_up_marks_it_again() -> None:
    first = int(START.timestamp())
    store({first: {CPU: 1.0}})
    with transaction.atomic():
        assert roll_up() == RolledUp(1, 0)
        thread = threading.Thread(target=_store_and_close, args=(first + 30, 3.0))
        thread.start()
    thread.join(10)
    assert DirtyBucket.objects.filter(resolution_s=60, bucket=START).exists()
    assert roll_up() == RolledUp(1, 0)
    assert MinuteRollup.objects.get().sum == 4.0


def _store_and_close(second: int, value: float) -> None:
    store({second: {CPU: value}})
    connection.close()
