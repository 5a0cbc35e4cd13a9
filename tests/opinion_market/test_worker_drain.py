"""A worker that is told to end finishes its task and takes no other."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings

from opinion_market.celery import app

pytestmark = pytest.mark.slow
QUEUE, NAME = "told", "told"
PATIENCE_S = 60
Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def client() -> Iterator["redis.Redis[bytes]"]:
    with redis.Redis.from_url(settings.REDIS_URL) as found:
        names = [NAME, f"{NAME}-begun", f"{NAME}-ended", f"om:celery:{QUEUE}"]
        found.delete(*names)
        yield found
        found.delete(*names)


@pytest.fixture
def start(project_dir: Path, tmp_path: Path) -> Iterator[Start]:
    started = []

    def begin() -> "subprocess.Popen[bytes]":
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "opinion_market.settings.test",
            "PROCESS_ROLE": "worker",
            "METRICS_ENABLED": "false",
        }  # fmt: skip
        command = [
            sys.executable, "-m", "celery", "-A", "tests.opinion_market.telling_worker:app", "worker",
            "--queues", QUEUE, "--hostname", "drain@test", "--concurrency", "1", "--loglevel", "WARNING",
            "--without-gossip", "--without-mingle", "--without-heartbeat",
        ]  # fmt: skip
        with (tmp_path / "worker.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=project_dir, env=environment, stdout=log, stderr=log)
        started.append(process)
        return process

    app.conf.task_always_eager = False
    yield begin
    app.conf.task_always_eager = True
    for process in started:
        process.kill()
        process.wait()


def wait_for(client: "redis.Redis[bytes]", name: str, wanted: list[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while client.lrange(name, 0, -1) != wanted:
        assert time.monotonic() < deadline, f"{name} is {client.lrange(name, 0, -1)}"
        time.sleep(0.05)


def ask(number: int) -> None:
    app.send_task("tests.hold_and_tell", args=[NAME, number], queue=QUEUE)


def test_it_finishes_what_it_does_and_takes_nothing_more(start: Start, client: "redis.Redis[bytes]") -> None:
    worker = start()
    ask(1)
    wait_for(client, f"{NAME}-begun", [b"1"])
    worker.send_signal(signal.SIGTERM)
    ask(2)
    client.rpush(NAME, "go")
    assert worker.wait(PATIENCE_S) == 0
    assert client.lrange(f"{NAME}-begun", 0, -1) == [b"1"]
    assert client.lrange(f"{NAME}-ended", 0, -1) == [b"1"]
    assert client.llen(f"om:celery:{QUEUE}") == 1
