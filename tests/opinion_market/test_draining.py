"""What a web process does from SIGTERM to its end, seen at real servers."""

import asyncio
import errno
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from django.conf import settings
from websockets.exceptions import ConnectionClosed
from websockets.frames import Close
from websockets.sync.client import ClientConnection, connect

from common.draining import is_draining, stop_draining
from opinion_market.draining import Drain
from opinion_market.listeners import drop_first_packets, own_listeners
from opinion_market.local.supervisor import web_command
from tests.opinion_market.test_web_servers import free_port, wait_until_open

pytestmark = pytest.mark.slow
#: Nobody waits for it: SIGINT ends it.
GRACE_S = 300.0
BODY = b'{"never": "mind"}'


class Web:
    """One web server with one process that has a grace."""

    def __init__(self, server: str, project_dir: Path) -> None:
        self.port = free_port()
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "opinion_market.settings.test",
            "DRAIN_GRACE_S": str(GRACE_S),
            "DRAIN_FINISH_S": "60",
            "DATABASE_URL": os.environ["DATABASE_URL"].replace(
                "/opinion_market?", f"/{settings.DATABASES['default']['NAME']}?"
            ),
        }
        command = web_command(
            python=sys.executable, server=server, host="127.0.0.1", port=self.port, processes=1, grace_s=GRACE_S
        )
        self.server = server
        self.process = subprocess.Popen(command, cwd=project_dir, env=environment, stderr=subprocess.DEVNULL)
        wait_until_open(self.port)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def ready(self) -> httpx.Response:
        return httpx.get(self.url("/ready"), timeout=60)

    def answering(self) -> int:
        """The process that answers: Granian's child, Daphne itself."""
        children = psutil.Process(self.process.pid).children()
        return int(children[0].pid) if children else self.process.pid

    def stream(self) -> ClientConnection:
        origin: Any = f"http://127.0.0.1:{self.port}"
        return connect(f"ws://127.0.0.1:{self.port}/ws/v1/stream", origin=origin, proxy=None, open_timeout=60)

    def half_a_request(self) -> socket.socket:
        """A POST whose body is still on its way."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        head = f"POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(BODY)}\r\n\r\n"
        connection.sendall(head.encode() + BODY[:5])
        return connection


@pytest.fixture(params=["granian", "daphne"])
def web(request: pytest.FixtureRequest, project_dir: Path, transactional_db: None) -> Iterator[Web]:
    running = Web(request.param, project_dir)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def test_a_process_that_is_told_to_end_lets_nobody_down(web: Web) -> None:
    deadline = time.monotonic() + 60
    while (answer := web.ready()).status_code != 200:
        assert time.monotonic() < deadline, answer.text
    with web.stream() as stream, web.half_a_request() as request, httpx.Client(timeout=60) as kept:
        assert kept.get(web.url("/health")).headers.get("connection") != "close"
        web.process.send_signal(signal.SIGTERM)
        while (answer := web.ready()).status_code == 200:
            assert time.monotonic() < deadline
        # Everybody is still answered, and sent elsewhere.
        assert (answer.status_code, answer.json()) == (503, {"status": "draining"})
        assert kept.get(web.url("/health")).headers["connection"] == "close"
        os.kill(web.answering(), signal.SIGINT)
        farewell = last_word(stream)
        assert farewell.code == 1012
        hint = re.fullmatch(r".*: come back in (\d+) ms\.", farewell.reason)
        assert hint is not None
        assert 200 <= int(hint[1]) <= 5_000
        # A request that was on its way is answered after the listener has let nobody in any more. Daphne
        # knows of a request only when all of it has arrived.
        request.sendall(BODY[5:])
        assert web.server == "daphne" or request.recv(4096).startswith(b"HTTP/1.1 403 ")
    assert web.process.wait(60) == 0


def last_word(stream: ClientConnection) -> Close:
    with suppress(ConnectionClosed):
        while True:
            stream.recv(timeout=60)
    assert stream.protocol.close_rcvd is not None
    return stream.protocol.close_rcvd


def test_a_filtered_listener_takes_nobody_but_those_on_the_way() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        with socket.create_connection(address, timeout=60) as early:
            drop_first_packets(listener)
            early.sendall(b"still heard")
            with socket.socket() as late:
                late.setblocking(False)
                assert late.connect_ex(address) == errno.EINPROGRESS
                accepted, _ = listener.accept()
                with accepted:
                    assert accepted.recv(100) == b"still heard"
                # Loopback delivers a packet before `connect` returns, so the first one is already lost.
                assert late.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
                assert select.select([], [late], [], 0)[1] == []
                listener.close()
                # The second packet, a second later, meets nobody.
                assert select.select([], [late], [], 60)[1] == [late]
                assert late.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNREFUSED


def test_every_listener_of_the_process_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        with socket.create_connection(one.getsockname(), timeout=60):
            found = list(own_listeners())
            names = [listener.getsockname() for listener in found]
            for listener in found:
                listener.close()
        assert {one.getsockname(), two.getsockname()} <= set(names)


async def test_a_grace_ends_early_for_those_in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    # The listeners of the test's own process stay open.
    monkeypatch.setattr("opinion_market.draining.let_nobody_in", lambda: None)
    ended = asyncio.Event()
    drain = Drain(grace_s=3_600, finish_s=3_600, is_busy=lambda: False, done=ended.set)
    try:
        drain.begin()
        drain.begin()
        assert is_draining()
        assert not ended.is_set()
        drain.hurry()
        await asyncio.wait_for(ended.wait(), 60)
    finally:
        stop_draining()


async def test_a_request_that_never_ends_holds_nobody_up() -> None:
    ended = asyncio.Event()
    try:
        Drain(grace_s=0, finish_s=0.05, is_busy=lambda: True, done=ended.set).begin()
        await asyncio.wait_for(ended.wait(), 60)
    finally:
        stop_draining()
