"""A real worker that reserves more tasks, and fewer, while it runs."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
import redis
from django.conf import settings

from common.tuning.reading import KEY
from tests.opinion_market.holding_worker import app

pytestmark = [pytest.mark.slow, pytest.mark.redis]

QUEUE = "test-prefetch"
STORED = f"om:celery:{QUEUE}"
GO = "test-prefetch-go"
TASKS = 20
START_S = 60


@pytest.fixture
def client() -> Iterator["redis.Redis[bytes]"]:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete(STORED, GO, KEY)
        yield client
        client.delete(STORED, GO, KEY)


@pytest.fixture
def worker(client: "redis.Redis[bytes]", project_dir: Path, tmp_path: Path) -> Iterator[None]:
    app.conf.task_always_eager = False
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "opinion_market.settings.test",
        "PROCESS_ROLE": "worker",
        "METRICS_ENABLED": "true",
    }
    command = [
        sys.executable, "-m", "celery", "-A", "tests.opinion_market.holding_worker:app", "worker",
        "--queues", QUEUE, "--hostname", "prefetch@test", "--concurrency", "1", "--loglevel", "WARNING",
        "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=project_dir, env=environment, stdout=log, stderr=log)
    yield
    app.conf.task_always_eager = True
    process.terminate()
    # Tasks that are still held would be waited for.
    client.rpush(GO, *range(TASKS))
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def waiting(client: "redis.Redis[bytes]", expected: int) -> int:
    """How many tasks nobody has reserved, once they are so many or it took too long."""
    deadline = time.monotonic() + START_S
    while client.llen(STORED) != expected and time.monotonic() < deadline:
        time.sleep(0.05)
    return client.llen(STORED)


def allowed(expected: int) -> int | None:
    """How many the worker says that it may reserve, once they are so many or it took too long."""
    found, deadline = None, time.monotonic() + START_S
    while time.monotonic() < deadline:
        answers = app.control.broadcast("stats", destination=["prefetch@test"], reply=True, timeout=1.0, limit=1)
        found = next((answer["prefetch@test"]["prefetch_count"] for answer in answers or []), None)
        if found == expected:
            break
    return found


def test_a_running_worker_reserves_as_many_as_it_is_told(worker: None, client: "redis.Redis[bytes]") -> None:
    for _ in range(TASKS):
        app.send_task("tests.hold", args=[GO], queue=QUEUE)
    assert waiting(client, TASKS - 1) == TASKS - 1
    client.set(KEY, orjson.dumps({"worker_prefetch": 8}))
    assert waiting(client, TASKS - 8) == TASKS - 8
    # Fewer: the seven that are reserved beside the one that runs are worked off before another is taken.
    client.set(KEY, orjson.dumps({"worker_prefetch": 1}))
    assert allowed(1) == 1
    client.rpush(GO, *range(7))
    time.sleep(1)
    assert (client.llen(GO), client.llen(STORED)) == (0, TASKS - 8)
    client.rpush(GO, 7)
    assert waiting(client, TASKS - 9) == TASKS - 9
