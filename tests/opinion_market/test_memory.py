"""A real worker whose child outgrows its memory."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import redis
from django.conf import settings

from tests.opinion_market.leaking_worker import app

pytestmark = [pytest.mark.slow, pytest.mark.redis]

QUEUE = "test-memory"
TASKS = 25
#: A child begins with about 110 MB.
THRESHOLD_MB = 260
START_S = 60


@pytest.fixture
def reports() -> Iterator["redis.Redis[bytes]"]:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete("reports", f"om:celery:{QUEUE}")
        yield client
        client.delete("reports")


@pytest.fixture
def worker(reports: "redis.Redis[bytes]", project_dir: Path, tmp_path: Path) -> Iterator[None]:
    app.conf.task_always_eager = False
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "opinion_market.settings.test",
        "PROCESS_ROLE": "worker",
        "MEMORY_THRESHOLD_MB": str(THRESHOLD_MB),
        "METRICS_ENABLED": "false",
    }
    command = [
        sys.executable, "-m", "celery", "-A", "tests.opinion_market.leaking_worker:app", "worker",
        "--queues", QUEUE, "--hostname", "memory@test", "--concurrency", "1", "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=project_dir, env=environment, stdout=log, stderr=log)
    yield
    app.conf.task_always_eager = True
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def ran(client: "redis.Redis[bytes]") -> list[tuple[int, int]]:
    """Number and process of each task, once all have run."""
    deadline = time.monotonic() + START_S
    while client.llen("reports") < TASKS and time.monotonic() < deadline:
        time.sleep(0.1)
    pairs = [report.decode().split(":") for report in client.lrange("reports", 0, -1)]
    return [(int(number), int(pid)) for number, pid in pairs]


def test_a_leaking_child_is_replaced_and_no_task_is_lost(worker: None, reports: "redis.Redis[bytes]") -> None:
    for number in range(TASKS):
        app.send_task("tests.leak", args=["reports", number], queue=QUEUE)
    done = ran(reports)
    assert [number for number, _ in done] == list(range(TASKS))
    children = [pid for _, pid in done]
    assert 3 <= len(set(children)) <= TASKS / 2
    # Once replaced, a child never comes back.
    assert len(set(children)) == 1 + sum(one != other for one, other in pairwise(children))


def test_a_child_with_nothing_but_garbage_stays(worker: None, reports: "redis.Redis[bytes]") -> None:
    for number in range(TASKS):
        app.send_task("tests.litter", args=["reports", number], queue=QUEUE)
    done = ran(reports)
    assert [number for number, _ in done] == list(range(TASKS))
    assert len({pid for _, pid in done}) <= 2
