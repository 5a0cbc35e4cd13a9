"""The stream over real sockets, behind both web servers, fed by another process."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts.models import User
from markets.models import Market
from opinion_market.local import layout
from opinion_market.local.supervisor import web_command
from tests.trading.realtime.conftest import RandomTrading
from tests.trading.realtime.socket import ClientBook, stored_book

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


class Server:
    """One web server process on the test's own database."""

    def __init__(self, name: str, directory: Path) -> None:
        self.name = name
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.command = web_command(python=sys.executable, server=name, host="127.0.0.1", port=self.port, processes=1)
        database = connection.settings_dict["NAME"]
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "opinion_market.settings.test",
            "DATABASE_URL": os.environ["DATABASE_URL"].replace(f"/{layout.DATABASE}?", f"/{database}?"),
            "REDIS_URL": settings.REDIS_URL,
        }
        self.log = directory / "server.log"
        self.restart()

    def restart(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=Path(__file__).parents[3],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Its workers are killed with it.
                start_new_session=True,
            )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/ws/v1/stream"

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def wait_until_open(self) -> None:
        for _ in range(300):
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.close()
                return
            await asyncio.sleep(0.1)
        pytest.fail(self.log.read_text())

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(25)
        finally:
            self.process.kill()
            self.process.wait()


@pytest.fixture(params=["granian", "daphne"])
def server(request: pytest.FixtureRequest, transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    running = Server(request.param, tmp_path)
    yield running
    running.stop()
    assert "Traceback" not in running.log.read_text()


async def ask(client: ClientConnection, cmd: str, **params: Any) -> dict[str, Any]:
    await client.send(json.dumps({"id": 1, "cmd": cmd, "params": params}))
    return await heard(client)


async def heard(client: ClientConnection) -> dict[str, Any]:
    frame: dict[str, Any] = {"type": "tick"}
    while frame["type"] in ("tick", "notice"):
        frame = json.loads(await asyncio.wait_for(client.recv(), 10))
    return frame


async def close_code(client: ClientConnection) -> int | None:
    with suppress(ConnectionClosed):
        while True:
            await asyncio.wait_for(client.recv(), 15)
    return client.close_code


async def test_the_whole_life_of_a_stream(server: Server, market: Market, alice: User, bob: User) -> None:
    await server.wait_until_open()
    trading = RandomTrading(market, [alice, bob], 5)
    step = sync_to_async(trading.step)
    book = ClientBook()

    async def follow(client: ClientConnection) -> None:
        seq, sizes = await sync_to_async(stored_book)(market.pk)
        while book.seq < seq:
            book.take(await heard(client))
        assert book.sizes == sizes

    for headers in ({}, {"Origin": "http://evil.example"}, {"Authorization": "Bearer omk_wrong"}):
        with pytest.raises(InvalidStatus) as refused:
            await connect(server.url, additional_headers=headers)
        assert refused.value.response.status_code == 403

    await step(30)
    async with connect(server.url, origin=server.origin) as client:
        await ask(client, "subscribe", channels=["book"], markets=[market.pk])
        book.take(await heard(client))
        await step(120)
        await follow(client)
    await step(120)
    async with connect(server.url, origin=server.origin) as client:
        await ask(client, "subscribe", channels=["book"], markets=[market.pk], resume_from={str(market.pk): book.seq})
        await step(20)
        await follow(client)
    assert book.checksums >= 2

    async with connect(server.url, origin=server.origin) as client:
        for garbage in ("", "{", "\x00", b"\xff\xfe\x00", '{"cmd": "subscribe", "params": 7}', "[" * 60_000):
            await client.send(garbage)
            assert (await heard(client))["type"] == "error"
        await client.send("x" * 70_000)
        assert await close_code(client) == 1009
    async with connect(server.url, origin=server.origin) as client:
        with suppress(ConnectionClosed):
            for _ in range(10_000):
                await client.send('{"id":1,"cmd":"subscribe","params":{"channels":["book"],"markets":[99999]}}')
        # Whoever goes on sending may lose the code to a reset of the connection.
        assert await close_code(client) in (1008, 1006)
    async with connect(server.url, origin=server.origin) as client:
        assert (await ask(client, "list"))["subscriptions"] == []
        server.process.send_signal(signal.SIGTERM)
        # The servers end by dropping sockets, Granian often after ours has said goodbye.
        assert await close_code(client) in (1012, 1006)
