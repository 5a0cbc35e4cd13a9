"""A whole site at work: web server with two processes, worker and beat. Every line that any of them writes, to
whichever file or console, is JSON with an id; every request has exactly one line, through rotations of nobody's doing.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from websockets.sync.client import connect

from opinion_market.local.supervisor import beat_command, web_command, worker_command
from tests.opinion_market.test_web_servers import free_port, wait_until_open

pytestmark = pytest.mark.slow
REQUESTS, CLIENTS, SOCKETS, TASKS = 3_000, 6, 20, 30
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PATHS = ("/health", "/api/v1/markets", "/api/v1/markets/nothing", "/", "/nothing", "/static/css/tokens.css")
SEND_TASKS = f"""
import django
django.setup()
from common.request_context import RequestContext, current
from trading.tasks import settle_unsettled
for number in range({TASKS}):
    current.set(RequestContext(f"task-{{number:06}}", "00-{TRACE}-{SPAN}-01"))
    settle_unsettled.delay()
"""


@dataclass
class Site:
    port: int
    directory: Path
    environment: dict[str, str]
    programs: list[subprocess.Popen[bytes]]

    def stop(self) -> None:
        for program in self.programs:
            program.send_signal(signal.SIGTERM)
        for program in self.programs:
            program.wait(30)

    def written(self) -> list[bytes]:
        files = [*(self.directory / "logs").glob("app.log*"), *self.directory.glob("*.out")]
        return [line for file in files for line in file.read_bytes().splitlines()]


@pytest.fixture
def site(tmp_path: Path, project_dir: Path, django_db_setup: None) -> Iterator[Site]:
    port = free_port()
    name = settings.DATABASES["default"]["NAME"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "opinion_market.settings.dev",
        "DATABASE_URL": os.environ["DATABASE_URL"].replace("/opinion_market?", f"/{name}?"),
        "LOG_DIR": str(tmp_path / "logs"),
        "LOG_FORMAT": "json",
        "LOG_REQUESTS_PER_SECOND": "1000000",
        "HTTP_THREADS": "4",
    }
    commands = {
        "web": web_command(python=sys.executable, server="granian", host="127.0.0.1", port=port, processes=2),
        "worker": worker_command(python=sys.executable, processes=1),
        "beat": beat_command(python=sys.executable, data_dir=tmp_path),
    }
    programs = []
    for program, command in commands.items():
        with (tmp_path / f"{program}.out").open("wb") as out:
            programs.append(subprocess.Popen(command, cwd=project_dir, env=environment, stdout=out, stderr=out))
    made = Site(port, tmp_path, environment, programs)
    try:
        wait_until_open(port)
        yield made
    finally:
        for running in programs:
            running.kill()
            running.wait()


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _kill_a_web_process(site: Site) -> None:
    web = site.programs[0].pid
    before = _children(web)
    os.kill(before[0], signal.SIGKILL)
    for _ in range(200):
        if len(_children(web)) == len(before) and set(_children(web)) != set(before):
            break
        time.sleep(0.1)
    wait_until_open(site.port)


def _ask(site: Site, client: int) -> None:
    # As long as it takes on a busy machine: a client that gave up would leave the rest of its requests unsent.
    with httpx.Client(base_url=f"http://127.0.0.1:{site.port}", timeout=120) as http:
        for number in range(client, REQUESTS, CLIENTS):
            http.get(PATHS[number % len(PATHS)], headers={"X-Request-ID": f"request-{number:06}"})


def _open_sockets(site: Site) -> None:
    origin = f"http://127.0.0.1:{site.port}"
    for number in range(SOCKETS):
        ids = {"X-Request-ID": f"socket-{number:06}", "traceparent": f"00-{TRACE}-{SPAN}-01"}
        address = f"ws://127.0.0.1:{site.port}/ws/v1/stream"
        with connect(address, origin=origin, additional_headers=ids, proxy=None) as socket:
            socket.ping()


def _use(site: Site) -> None:
    """Requests, sockets and tasks, all at once."""
    clients = [threading.Thread(target=_ask, args=(site, number)) for number in range(CLIENTS)]
    for thread in clients:
        thread.start()
    _open_sockets(site)
    subprocess.run([sys.executable, "-c", SEND_TASKS], env=site.environment, check=True, cwd=settings.BASE_DIR)
    for thread in clients:
        thread.join()


def _decoded(lines: list[bytes]) -> list[dict[str, Any]]:
    found = []
    for line in lines:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            pytest.fail(f"no JSON: {line[:300]!r}")
    return found


def test_every_line_is_json_with_an_id_and_no_request_lacks_its_line(site: Site) -> None:
    _kill_a_web_process(site)
    _use(site)
    deadline = threading.Event()
    for _ in range(100):
        if sum(line.count(b'"task":"trading.tasks.settle_unsettled"') for line in site.written()) >= 2 * TASKS:
            break
        deadline.wait(0.2)
    site.stop()
    lines = _decoded(site.written())
    assert [line for line in lines if not line.get("request_id") or not line.get("logger")] == []
    in_files = _decoded((site.directory / "logs" / "app.log").read_bytes().splitlines())
    answered = Counter(line["request_id"] for line in in_files if line["logger"] == "request")
    assert answered == {f"request-{number:06}": 1 for number in range(REQUESTS)}
    sockets = Counter((line["request_id"], line["event"]) for line in in_files if line["logger"] == "socket")
    assert sockets == {
        (f"socket-{number:06}", event): 1 for number in range(SOCKETS) for event in ("socket_opened", "socket_closed")
    }
    tasks = [line for line in in_files if line["request_id"].startswith("task-") and line["logger"] == "task"]
    assert Counter(line["request_id"] for line in tasks) == {f"task-{number:06}": 1 for number in range(TASKS)}
    assert {(line["trace_id"], line["parent_id"] != SPAN) for line in tasks} == {(TRACE, True)}
    # The web server's parent writes lines of its own when a process of it dies.
    assert "_granian" in {line["logger"] for line in in_files if line["level"] == "error"}
