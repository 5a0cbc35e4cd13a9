"""The life of a job: queued with its cause, run once, tried again, lost and found, cancelled."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, transaction

from common import clock
from common.errors import DomainError
from common.jobs import finish
from common.jobs.cancel import cancel_job
from common.jobs.claim import claim_job
from common.jobs.enqueue import enqueue, enqueue_tick
from common.jobs.errors import JobEnded, JobNotFound, JobTooMany
from common.jobs.expire import remove_expired_jobs, remove_left_files
from common.jobs.repeat import repeat_job
from common.jobs.run import run_due_jobs, run_job
from common.jobs.sweep import enqueue_due_ticks, find_lost_jobs
from common.jobs.types import JobFile, JobResult, Run
from common.models import Job, JobAttempt
from tests.common.jobs.kinds import declare_kind

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Refused(DomainError):
    code = "test.refused"


@pytest.fixture(autouse=True)
def frozen() -> Any:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def nothing(run: Run) -> None:
    return None


def _attempts(job: Job) -> list[tuple[int, str]]:
    return list(JobAttempt.objects.filter(job=job).order_by("number").values_list("number", "outcome"))


def test_a_job_exists_if_its_cause_does(monkeypatch: pytest.MonkeyPatch) -> None:
    declare_kind(monkeypatch, nothing)

    def change_something() -> None:
        with transaction.atomic():
            enqueue(kind="test_work")
            raise Refused("no")

    with pytest.raises(Refused):
        change_something()
    assert Job.objects.count() == 0


def test_it_runs_once_and_tells_its_result(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(run: Run) -> JobResult:
        run.progress(3, 3, "counting")
        return JobResult({"sum": sum(run.arguments["numbers"])})

    declare_kind(monkeypatch, work)
    job = enqueue(kind="test_work", owner_id=7, arguments={"numbers": [1, 2]})
    assert job.status == "PENDING"
    assert run_due_jobs() == 1
    assert run_due_jobs() == 0
    job.refresh_from_db()
    assert (job.status, job.result, job.done, job.total, job.lease) == ("COMPLETED", {"sum": 3}, 3, 3, "")
    assert job.ended_at == START
    assert _attempts(job) == [(1, "completed")]


def test_urgent_jobs_first_and_nothing_before_it_is_due(monkeypatch: pytest.MonkeyPatch, frozen: Any) -> None:
    declare_kind(monkeypatch, nothing)
    first, urgent, later = (
        enqueue(kind="test_work"), enqueue(kind="test_work", priority=5), enqueue(kind="test_work", delay_s=60)
    )  # fmt: skip
    taken = [claim_job(), claim_job(), claim_job()]
    assert [job and job.pk for job in taken] == [urgent.pk, first.pk, None]
    frozen.shift(60)
    after = claim_job()
    assert after is not None
    assert after.pk == later.pk


def test_one_key_is_one_job_of_one_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    declare_kind(monkeypatch, nothing)
    made = [enqueue(kind="test_work", owner_id=owner, key="a").pk for owner in (1, 1, 2)]
    assert made[0] == made[1] != made[2]
    run_due_jobs()
    assert enqueue(kind="test_work", owner_id=1, key="a").pk == made[0]
    assert Job.objects.count() == 2


def test_two_beats_make_one_turn(monkeypatch: pytest.MonkeyPatch, frozen: Any) -> None:
    declare_kind(monkeypatch, nothing, every_s=60)
    for _ in range(2):
        enqueue_due_ticks()
        enqueue_tick(kind="test_work", tick_at=START)
    assert list(Job.objects.values_list("tick_at", flat=True)) == [START]
    frozen.shift(59)
    enqueue_due_ticks()
    frozen.shift(1)
    enqueue_due_ticks()
    assert list(Job.objects.order_by("id").values_list("tick_at", flat=True)) == [START, START + timedelta(seconds=60)]


def test_an_owner_has_only_so_many_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    declare_kind(monkeypatch, nothing, open_max=2)
    enqueue(kind="test_work", owner_id=1)
    enqueue(kind="test_work", owner_id=1)
    with pytest.raises(JobTooMany):
        enqueue(kind="test_work", owner_id=1)
    enqueue(kind="test_work", owner_id=2)
    assert Job.objects.filter(owner_id=1).count() == 2


def test_a_mistake_is_tried_again_ever_later_and_then_ends(monkeypatch: pytest.MonkeyPatch, frozen: Any) -> None:
    def work(run: Run) -> None:
        Job.objects.filter(pk=run.job_id).update(words="a write of the work")
        raise ValueError("broken")

    declare_kind(monkeypatch, work, failures_max=3, backoff_s=10)
    job = enqueue(kind="test_work")
    waits = []
    for _ in range(3):
        assert run_due_jobs() == 1
        job.refresh_from_db()
        assert job.words == ""
        waits.append((job.status, (job.due_at - clock.now()).total_seconds()))
        assert run_due_jobs() == 0
        frozen.move_to(job.due_at)
    assert waits == [("PENDING", 10.0), ("PENDING", 20.0), ("FAILED", 0.0)]
    assert _attempts(job) == [(1, "failed"), (2, "failed"), (3, "failed")]
    assert "ValueError: broken" in JobAttempt.objects.filter(job=job)[0].error
    assert "broken" not in job.error
    assert job.error == "Something went wrong on our side, every time it was tried. Staff can run it again."


def test_a_refusal_is_for_the_owner_and_final(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(run: Run) -> None:
        raise Refused("Choose a shorter span.")

    declare_kind(monkeypatch, work)
    job = enqueue(kind="test_work")
    run_due_jobs()
    job.refresh_from_db()
    assert (job.status, job.error, job.failures) == ("FAILED", "Choose a shorter span.", 1)


def test_staff_give_a_failed_job_another_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    declare_kind(monkeypatch, nothing)
    job = enqueue(kind="test_work")
    with pytest.raises(JobNotFound):
        repeat_job(job_id=job.pk)
    Job.objects.filter(pk=job.pk).update(status="FAILED", ended_at=START, failures=3, error="why")
    repeat_job(job_id=job.pk)
    run_due_jobs()
    job.refresh_from_db()
    assert (job.status, job.failures, job.error) == ("COMPLETED", 0, "")


def test_a_lost_worker_leaves_nothing_and_another_goes_on(monkeypatch: pytest.MonkeyPatch, frozen: Any) -> None:
    declare_kind(monkeypatch, nothing, lease_s=10)
    job = enqueue(kind="test_work")
    lost = claim_job()
    assert lost is not None
    frozen.shift(10)
    assert find_lost_jobs() == 0
    frozen.shift(1)
    assert find_lost_jobs() == 1
    job.refresh_from_db()
    assert (job.status, job.losses, job.lease) == ("LOST", 1, "")
    assert run_due_jobs() == 1
    job.refresh_from_db()
    assert job.status == "COMPLETED"
    # The first worker was only slow: what it has to say doesn't count any more.
    run_job(lost)
    again = Job.objects.get(pk=job.pk)
    assert (again.status, again.attempt, again.ended_at) == ("COMPLETED", 2, job.ended_at)
    assert _attempts(job) == [(1, "lost"), (2, "completed")]


def test_a_job_that_is_always_lost_ends(monkeypatch: pytest.MonkeyPatch, frozen: Any) -> None:
    declare_kind(monkeypatch, nothing, lease_s=10, losses_max=2)
    job = enqueue(kind="test_work")
    for _ in range(2):
        assert claim_job() is not None
        frozen.shift(11)
        find_lost_jobs()
    job.refresh_from_db()
    assert (job.status, job.error) == ("FAILED", "The workers that tried it were lost every time.")


def test_cancelling_before_during_and_after(monkeypatch: pytest.MonkeyPatch, frozen: Any) -> None:
    declare_kind(monkeypatch, nothing, lease_s=10)
    waiting, running = enqueue(kind="test_work", priority=-1), enqueue(kind="test_work")
    child = enqueue(kind="test_work", parent_id=waiting.pk, priority=-2)
    assert claim_job() is not None
    assert cancel_job(job_id=waiting.pk).status == "CANCELLED"
    child.refresh_from_db()
    assert child.status == "CANCELLED"
    asked = cancel_job(job_id=running.pk)
    assert (asked.status, asked.is_cancel_asked) == ("RUNNING", True)
    frozen.shift(11)
    find_lost_jobs()
    running.refresh_from_db()
    assert running.status == "CANCELLED"
    with pytest.raises(JobEnded):
        cancel_job(job_id=running.pk)
    with pytest.raises(JobNotFound):
        cancel_job(job_id=0)


def test_a_cancelled_job_is_not_tried_again_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(run: Run) -> None:
        cancel_job(job_id=run.job_id, reason="Too long.")
        raise ValueError("broken")

    declare_kind(monkeypatch, work, is_atomic=False)
    job = enqueue(kind="test_work")
    run_due_jobs()
    job.refresh_from_db()
    assert (job.status, job.error, job.ended_at) == ("CANCELLED", "Too long.", START)
    assert _attempts(job) == [(1, "cancelled")]
    assert "ValueError: broken" in JobAttempt.objects.get(job=job).error


def test_another_chance_forgets_that_it_was_to_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    declare_kind(monkeypatch, nothing)
    job = enqueue(kind="test_work")
    Job.objects.filter(pk=job.pk).update(status="FAILED", ended_at=START, is_cancel_asked=True)
    repeat_job(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.is_cancel_asked) == ("PENDING", False)


def test_a_result_stays_when_only_the_answer_of_its_commit_is_lost(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    complete = finish.complete_job

    def complete_and_lose_the_answer(*args: Any) -> None:
        complete(*args)
        raise OperationalError("the connection is lost")

    def work(run: Run) -> JobResult:
        path = run.new_file(".csv")
        path.write_text("a,b\n")
        run.new_file(".tmp").touch()
        return JobResult(file=JobFile(path, "ab.csv", "text/csv"))

    monkeypatch.setattr(finish, "complete_job", complete_and_lose_the_answer)
    declare_kind(monkeypatch, work, is_atomic=False)
    job = enqueue(kind="test_work")
    run_due_jobs()
    job.refresh_from_db()
    assert job.status == "COMPLETED"
    assert [path.name for path in (tmp_path / "results").iterdir()] == [job.file_path]
    assert _attempts(job) == [(1, "completed")]


def test_an_owner_has_only_so_many_files(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path

    def work(run: Run) -> JobResult:
        path = run.new_file(".csv")
        path.write_text("a,b\n")
        return JobResult(file=JobFile(path, "ab.csv", "text/csv"))

    declare_kind(monkeypatch, work, files_max=2)
    others = enqueue(kind="test_work", owner_id=2)
    mine = [enqueue(kind="test_work", owner_id=1) for _ in range(3)]
    assert run_due_jobs() == 4
    jobs = Job.objects.in_bulk([others.pk, *(job.pk for job in mine)])
    assert [bool(jobs[job.pk].file_path) for job in mine] == [False, True, True]
    assert {job.status for job in jobs.values()} == {"COMPLETED"}
    kept = {job.file_path for job in jobs.values() if job.file_path}
    assert {path.name for path in (tmp_path / "results").iterdir()} == kept
    assert len(kept) == 3


def test_files_go_with_their_jobs(monkeypatch: pytest.MonkeyPatch, frozen: Any, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    seen: list[Path] = []

    def work(run: Run) -> JobResult:
        path = run.new_file(".csv")
        path.write_text("a,b\n")
        seen.append(path)
        if len(seen) == 1:
            raise ValueError
        return JobResult(file=JobFile(path, "ab.csv", "text/csv"))

    declare_kind(monkeypatch, work, keep_days=7)
    job = enqueue(kind="test_work")
    run_due_jobs()
    assert not seen[0].exists()
    frozen.shift(5)
    run_due_jobs()
    job.refresh_from_db()
    assert (job.file_path, job.file_name, job.file_bytes) == (seen[1].name, "ab.csv", 4)
    assert seen[1].parent == tmp_path / "results"
    stray = seen[1].with_name("9-1-stray.csv")
    stray.touch()
    os.utime(stray, (START.timestamp(), START.timestamp()))
    assert remove_left_files() == 0
    frozen.shift(timedelta(days=8))
    assert remove_expired_jobs() == 1
    assert not seen[1].exists()

    assert remove_left_files() == 1
