"""Kill workers at random moments and look at what is left; `python -m benchmarks.job_kills` is the way in.

Workers    Children of this process that claim and run jobs as a Celery worker does, since they start in milliseconds;
           and the pool of a real Celery worker. Nobody is told: each gets SIGKILL wherever it is.
Limbo      From the kill to the moment when the ledger knows that the attempt was lost.
"""

import json
import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from benchmarks.job_kinds import KIND, LEASE_S, TABLE
from common import clock
from common.jobs.enqueue import enqueue
from common.jobs.finish import results_dir
from common.jobs.run import run_due_jobs
from common.models import Job, JobAttempt
from common.tasks import QUEUE, sweep_jobs
from opinion_market.local.supervisor import worker_command

#: As beat does it.
SWEEP_S: Final = 2.0
WAITING_MIN: Final = 30
#: One kill in so many strikes the Celery pool, whose children take longer to come back.
CELERY_SHARE: Final = 10
PATIENCE_S: Final = 90.0


def _fork(body: Callable[[], None]) -> int:
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        body()
        os._exit(0)
    return pid


def _work_for_ever() -> None:
    while True:
        if run_due_jobs(seconds=5) == 0:
            time.sleep(0.005)


def _sweep_for_ever() -> None:
    while True:
        sweep_jobs()
        time.sleep(SWEEP_S)


class Celery:
    """A worker as `make up` starts it, on the same ledger."""

    def __init__(self, environment: dict[str, str]) -> None:
        command = [
            *worker_command(python=sys.executable, processes=2, queue=QUEUE),
            "--include",
            "benchmarks.job_kinds",
        ]
        self._main = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def children(self) -> list[int]:
        file = Path(f"/proc/{self._main.pid}/task/{self._main.pid}/children")
        return [int(pid) for pid in file.read_text().split()] if file.exists() else []

    def stop(self) -> None:
        self._main.terminate()
        try:
            self._main.wait(25)
        except subprocess.TimeoutExpired:
            self._main.kill()
            self._main.wait()


class Killing:
    """``kills`` workers die, one after another."""

    def __init__(self, *, kills: int, runners: int, seed: int) -> None:
        self._kills, self._chance = kills, random.Random(seed)
        self._runners = [_fork(_work_for_ever) for _ in range(runners)]
        self._sweeper = _fork(_sweep_for_ever)
        self._celery = Celery(os.environ | {"DATA_DIR": str(settings.DATA_DIR)})
        self.killed: dict[int, list[datetime]] = {}
        self.celery_kills = self.made = 0

    def run(self) -> None:
        for _ in range(self._kills):
            self._keep_busy()
            time.sleep(self._chance.uniform(0.0, 0.08))
            self._kill_one()
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and Job.objects.filter(kind=KIND.name, ended_at=None).exists():
            time.sleep(0.2)

    def stop(self) -> None:
        self._celery.stop()
        for pid in (*self._runners, self._sweeper):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _keep_busy(self) -> None:
        waiting = Job.objects.filter(kind=KIND.name, ended_at=None).count()
        for _ in range(max(0, WAITING_MIN - waiting)):
            mode = self._chance.choices(("works", "fails once", "fails"), (85, 10, 5))[0]
            enqueue(kind=KIND.name, arguments={"steps": self._chance.randint(2, 12), "mode": mode})
            self.made += 1

    def _kill_one(self) -> None:
        pool = self._celery.children() if self._chance.randrange(CELERY_SHARE) == 0 else []
        if pool:
            self._kill(self._chance.choice(pool))
            self.celery_kills += 1
            return
        place = self._chance.randrange(len(self._runners))
        self._kill(self._runners[place])
        os.waitpid(self._runners[place], 0)
        self._runners[place] = _fork(_work_for_ever)

    def _kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        self.killed.setdefault(pid, []).append(clock.now())


def kill_workers(*, kills: int, runners: int, seed: int, data_dir: str) -> dict[str, Any]:
    """What a run left behind; ``mistakes`` is empty when every job ended once with its effects once."""
    settings.DATA_DIR = Path(data_dir)
    # Jobs that fail as they were told are no news.
    logging.getLogger("common.jobs.run").setLevel(logging.CRITICAL)
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {TABLE} (job_id bigint NOT NULL)")
    began = time.monotonic()
    killing = Killing(kills=kills, runners=runners, seed=seed)
    try:
        killing.run()
    finally:
        killing.stop()
    seconds = time.monotonic() - began
    jobs = list(Job.objects.filter(kind=KIND.name))
    limbo = _limbo_s(killing.killed)
    return {
        "kills": kills,
        "celery_kills": killing.celery_kills,
        "seconds": seconds,
        "jobs": len(jobs),
        "statuses": dict(Counter(job.status for job in jobs)),
        "lost": sum(job.losses for job in jobs),
        "struck": len(limbo),
        "limbo_s_max": max(limbo, default=0.0),
        "limbo_s_allowed": LEASE_S + 5.0,
        "mistakes": _mistakes(jobs, made=killing.made)[:20],
    }


def _limbo_s(killed: dict[int, list[datetime]]) -> list[float]:
    """For each kill that struck an attempt: how long the ledger took to know."""
    found = []
    for attempt in JobAttempt.objects.filter(job__kind=KIND.name, outcome="lost"):
        moments = killed.get(int(attempt.worker.rpartition("-")[2]), [])
        later = [moment for moment in moments if moment >= attempt.started_at]
        if later and attempt.ended_at is not None:
            found.append((attempt.ended_at - min(later)).total_seconds())
    return found


def _mistakes(jobs: list[Job], *, made: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT job_id, count(*) FROM {TABLE} GROUP BY job_id")  # noqa: S608  a constant
        effects = dict(cursor.fetchall())
    completed = Counter(
        JobAttempt.objects.filter(job__kind=KIND.name, outcome="completed").values_list("job_id", flat=True)
    )
    unended = JobAttempt.objects.filter(job__kind=KIND.name, ended_at=None).values_list("job_id", flat=True)
    mistakes = [f"job {pk} has an attempt without end" for pk in unended]
    if len(jobs) != made:
        mistakes.append(f"{made} jobs were queued and {len(jobs)} are there")
    for job in jobs:
        counts = (effects.get(job.pk, 0), completed[job.pk])
        mistakes += [f"job {job.pk} {words}" for words in _faults(job, counts)]
    return mistakes


def _faults(job: Job, counts: tuple[int, int]) -> list[str]:
    if job.status == "FAILED":
        told = job.arguments["mode"] == "fails" and job.failures == KIND.failures_max
        return [] if told and counts == (0, 0) else [f"failed with {counts} effects and completions"]
    if job.status != "COMPLETED" or job.arguments["mode"] == "fails":
        return [f"is {job.status}"]
    faults = [] if counts == (1, 1) else [f"completed with {counts} effects and completions"]
    file = results_dir() / job.file_path
    expected = f"{job.pk} {job.arguments['steps'] - 1}"
    return faults if file.is_file() and file.read_text() == expected else [*faults, "has a wrong file"]


if __name__ == "__main__":
    print(json.dumps(kill_workers(**json.loads(sys.argv[2]))))
