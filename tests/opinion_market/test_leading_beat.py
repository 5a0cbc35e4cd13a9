"""Of two schedulers one sends, and never beyond its lease."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.db import DatabaseError, connection

from common.models import Lease
from opinion_market import leading_beat
from opinion_market.leading_beat import LEASE_S, LOOK_S, RENEW_S, LeadingScheduler

pytestmark = pytest.mark.django_db


class Now:
    seconds = 1_000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    clock = Now()
    monkeypatch.setattr(leading_beat, "time", clock)
    # The test's connection is in a transaction.
    monkeypatch.setattr(leading_beat, "close_old_connections", lambda: None)
    return clock


@pytest.fixture
def scheduler(tmp_path: Path, now: Now) -> Callable[[str], LeadingScheduler]:
    def make(name: str) -> LeadingScheduler:
        app = Celery(name, set_as_current=False)
        return LeadingScheduler(app=app, lazy=True, schedule_filename=str(tmp_path / name))

    return make


def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []

    def tick(self: Any, *_: object, **__: object) -> float:
        sent.append(self.schedule_filename[-3:])
        return 300.0

    monkeypatch.setattr("celery.beat.PersistentScheduler.tick", tick)
    return sent


def test_the_second_stands_by_until_the_first_gives_back(
    scheduler: Callable[[str], LeadingScheduler], now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = worked(monkeypatch)
    one, two = scheduler("one"), scheduler("two")
    assert (one.tick(), two.tick()) == (LOOK_S, LOOK_S)
    now.seconds += RENEW_S
    one.tick()
    two.tick()
    assert sent == ["one", "one"]
    monkeypatch.setattr("celery.beat.PersistentScheduler.close", lambda self: None)
    one.close()
    assert Lease.objects.count() == 0
    now.seconds += LOOK_S
    two.tick()
    assert sent == ["one", "one", "two"]


def test_a_leader_that_was_paused_sends_nothing_when_another_leads(
    scheduler: Callable[[str], LeadingScheduler], now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = worked(monkeypatch)
    one, two = scheduler("one"), scheduler("two")
    one.tick()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE common_lease SET until = statement_timestamp() - interval '1 second'")
    two.tick()
    now.seconds += LEASE_S
    one.tick()
    assert sent == ["one", "two"]


def test_without_the_database_a_leader_goes_on_until_its_lease_ends(
    scheduler: Callable[[str], LeadingScheduler], now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = worked(monkeypatch)
    one = scheduler("one")
    one.tick()

    def away(**_: object) -> bool:
        raise DatabaseError("away")

    monkeypatch.setattr(leading_beat, "hold_lease", away)
    now.seconds += LEASE_S - 0.1
    one.tick()
    assert sent == ["one", "one"]
    now.seconds += 0.1
    one.tick()
    assert sent == ["one", "one"]
