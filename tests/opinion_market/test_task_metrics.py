"""Differences only: whatever else this process ran has counted as well."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from celery import shared_task

from common.metrics.registry import registry
from monitoring.types import SENT_AT
from opinion_market import task_metrics
from opinion_market.celery import app


@shared_task(name="measured.fine")
def fine() -> None:
    """Ends well."""


@shared_task(name="measured.broken")
def broken() -> None:
    raise ArithmeticError("as asked")


@shared_task(name="measured.again", bind=True)
def again(self) -> None:
    raise self.retry(countdown=0, throw=True)


def ended(name: str, outcome: str) -> float:
    return registry.metrics["tasks_total"].of(name, outcome).value


def test_a_task_that_ends_well_is_counted_and_timed() -> None:
    registry.metrics["task_seconds"].of(fine.name).drain()
    before = ended(fine.name, "ok")
    fine.delay()
    assert ended(fine.name, "ok") == before + 1
    assert registry.metrics["task_seconds"].of(fine.name).drain().count == 1
    assert task_metrics._began == {}


@pytest.fixture
def nobody_waits() -> Iterator[None]:
    """As in a worker: an error isn't raised to whoever sent the task."""
    app.conf.task_eager_propagates = False
    yield
    app.conf.task_eager_propagates = True


@pytest.mark.usefixtures("nobody_waits")
def test_a_task_that_fails_is_counted_as_such() -> None:
    before = ended(broken.name, "failed")
    broken.delay()
    assert ended(broken.name, "failed") == before + 1
    assert ended(broken.name, "ok") == 0


def test_a_retry_is_no_end() -> None:
    retries = registry.metrics["task_retries_total"].of(again.name)
    before = retries.value
    task_metrics._retry(sender=again)
    assert retries.value == before + 1
    assert ended(again.name, "failed") == 0


def test_a_message_says_when_it_was_sent_the_first_time() -> None:
    headers: dict[str, object] = {SENT_AT: 5.0}
    task_metrics._stamp(headers=headers)
    assert headers == {SENT_AT: 5.0}
    fresh: dict[str, object] = {}
    task_metrics._stamp(headers=fresh)
    assert isinstance(fresh[SENT_AT], float)


def test_each_process_of_celery_starts_and_stops_an_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(task_metrics, "start_measuring", lambda role: said.append(str(role)))
    monkeypatch.setattr(task_metrics, "stop_agent", lambda: said.append("stop"))
    sender = SimpleNamespace()
    task_metrics._measure_worker(sender=sender)
    task_metrics._measure_beat(sender=sender)
    task_metrics._stop(sender=sender)
    assert said == ["worker", "beat", "stop"]
