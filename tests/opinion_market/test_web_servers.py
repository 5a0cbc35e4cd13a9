"""The same application behind both servers, over real sockets."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from django.conf import settings
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from opinion_market.local.supervisor import web_command

LIMIT = 4096
pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module", params=["granian", "daphne"])
def address(request: pytest.FixtureRequest, project_dir: Path, django_db_setup: None) -> Iterator[str]:
    port = free_port()
    environment = os.environ | {
        "HTTP_BODY_MAX_BYTES": str(LIMIT),
        "DJANGO_SETTINGS_MODULE": "opinion_market.settings.test",
        "DATABASE_URL": os.environ["DATABASE_URL"].replace(
            "/opinion_market?", f"/{settings.DATABASES['default']['NAME']}?"
        ),
    }
    command = web_command(python=sys.executable, server=request.param, host="127.0.0.1", port=port, processes=1)
    process = subprocess.Popen(command, cwd=project_dir, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_until_open(port)
        yield f"127.0.0.1:{port}"
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    finally:
        process.kill()
        process.wait()


def wait_until_open(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server did not start")


def test_pages_and_their_headers(address: str) -> None:
    answer = httpx.get(f"http://{address}/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-request-id"]
    assert httpx.head(f"http://{address}/health").status_code == 200


def test_a_long_body_is_refused_with_and_without_a_length(address: str) -> None:
    body = b"x" * (LIMIT + 1)
    for content in (body, iter([body[:3000], body[3000:]])):
        answer = httpx.post(f"http://{address}/health", content=content)
        assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
        assert answer.json()["code"] == "request.body_too_large"
    assert httpx.post(f"http://{address}/health", content=body[:-1]).status_code == 403


def test_an_endless_body_is_cut(address: str) -> None:
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n")
        connection.sendall(b"x" * 1000)
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_an_endless_chunked_body_is_cut(address: str) -> None:
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"POST /health HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.sendall(b"1000\r\n" + b"x" * 4096 + b"\r\n" + b"1000\r\n" + b"x" * 4096 + b"\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_an_unknown_socket_is_refused(address: str) -> None:
    with pytest.raises(InvalidStatus) as refusal, connect(f"ws://{address}/ws/nowhere", proxy=None):
        pass
    assert refusal.value.response.status_code == 403


def test_killed_processes_of_granian_have_heirs_that_answer(project_dir: Path, django_db_setup: None) -> None:
    port = free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "opinion_market.settings.test",
        "DATABASE_URL": os.environ["DATABASE_URL"].replace(
            "/opinion_market?", f"/{settings.DATABASES['default']['NAME']}?"
        ),
    }
    command = web_command(python=sys.executable, server="granian", host="127.0.0.1", port=port, processes=2)
    server = subprocess.Popen(command, cwd=project_dir, env=environment, stderr=subprocess.DEVNULL)

    def processes() -> set[int]:
        return {child.pid for child in psutil.Process(server.pid).children()}

    def wait_for_two(*, without: set[int]) -> None:
        deadline = time.monotonic() + 30
        while len(processes() - without) < 2 or processes() & without:
            assert time.monotonic() < deadline, "the processes did not come back"
            time.sleep(0.02)

    try:
        wait_until_open(port)
        wait_for_two(without=set())
        assert httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
        killed = processes()
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        wait_for_two(without=killed)
        assert {httpx.get(f"http://127.0.0.1:{port}/health").status_code for _ in range(10)} == {200}
    finally:
        server.terminate()
        server.wait(25)
