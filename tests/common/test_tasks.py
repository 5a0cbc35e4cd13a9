"""Nudges and the sweep: whatever message is lost, the job is run."""

from typing import Any

import pytest

from common import tasks
from common.jobs.enqueue import enqueue
from common.jobs.run import run_due_jobs
from common.models import Job
from tests.common.jobs.kinds import declare_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Messages to the workers, which are lost."""
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.work_off_jobs, "apply_async", lambda **options: sent.append(options))
    return sent


def test_the_nudge_follows_the_commit(
    monkeypatch: pytest.MonkeyPatch, nudges: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    declare_kind(monkeypatch, lambda run: None)
    with django_capture_on_commit_callbacks(execute=True):
        enqueue(kind="test_work")
        assert nudges == []
    assert nudges == [{"retry": False}]


def test_the_sweep_finds_what_was_missed(monkeypatch: pytest.MonkeyPatch, nudges: list[Any]) -> None:
    declare_kind(monkeypatch, lambda run: None, every_s=3_600)
    assert tasks.sweep_jobs() == 0
    assert (Job.objects.count(), len(nudges)) == (1, 1)
    assert tasks.work_off_jobs() == 1
    tasks.sweep_jobs()
    assert (Job.objects.get().status, len(nudges)) == ("COMPLETED", 1)


def test_a_kind_of_another_version_waits_for_its_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    declare_kind(monkeypatch, lambda run: None)
    enqueue(kind="test_work")
    Job.objects.update(kind="from_the_future")
    assert run_due_jobs() == 0
    assert Job.objects.get().status == "PENDING"
