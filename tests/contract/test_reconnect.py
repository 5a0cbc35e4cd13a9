"""A trader's program on a web process that is killed: after the restart it knows of each order and fill of its own."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from websockets.asyncio.client import ClientConnection, connect

from accounts.models import User
from accounts.services.create_api_key import create_api_key
from markets.models import Market
from tests.trading.realtime.conftest import alice, bare_market, bob, order
from tests.trading.realtime.test_over_servers import Server
from tests.trading.realtime.test_stream import act

__all__ = ["alice", "bare_market", "bob"]
pytestmark = [pytest.mark.contract, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
CHANNELS = ["orders", "fills", "notices"]


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    running = Server("granian", tmp_path)
    yield running
    running.stop()


async def until_open(server: Server) -> None:
    async with asyncio.timeout(120):
        while True:
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", server.port)
                writer.close()
                await writer.wait_closed()
                return
            assert server.process.poll() is None, server.log.read_text()
            await asyncio.sleep(0.1)


async def subscribe(client: ClientConnection, market: Market, **more: Any) -> None:
    params = {"channels": CHANNELS, "markets": [market.pk], **more}
    await client.send(json.dumps({"id": 1, "cmd": "subscribe", "params": params}))
    assert (await heard(client))["type"] == "subscribed"


async def heard(client: ClientConnection) -> dict[str, Any]:
    """The next frame that isn't about the connection."""
    async with asyncio.timeout(60):
        while True:
            frame: dict[str, Any] = json.loads(await client.recv())
            if frame["type"] != "tick" and (frame["type"] != "notice" or "sid" in frame):
                return frame


async def test_own_frames_over_a_killed_process(server: Server, bare_market: Market, alice: User, bob: User) -> None:
    market = bare_market
    key = (await sync_to_async(create_api_key)(user_id=alice.pk, name="bot", scopes=["read"])).secret
    headers = {"Authorization": f"Bearer {key}"}
    await until_open(server)
    async with connect(server.url, additional_headers=headers) as client:
        await subscribe(client, market)
        await act(market, order(market, alice, "buy", 4_000))
        seen = [await heard(client)]
        server.kill()
    await act(market, order(market, bob, "buy", 6_000, outcome=1), order(market, alice, "buy", 4_100))
    server.restart()
    await until_open(server)
    async with connect(server.url, additional_headers=headers) as client:
        resume_from = {str(market.pk): seen[-1]["seq"]}
        await subscribe(client, market, resume_from=resume_from, account_seq=seen[-1]["account_seq"])
        seen += [await heard(client) for _ in range(3)]
        await act(market, order(market, alice, "buy", 4_200))
        seen.append(await heard(client))
    assert [(one["account_seq"], one["seq"]) for one in seen] == [(1, 3), (2, 4), (3, 4), (4, 5), (5, 6)]
    assert {one["type"] for one in seen[1:3]} == {"order", "fill"}
    async with connect(server.url, additional_headers=headers) as client:
        # Numbers of another life of the site: there is no such record.
        await subscribe(client, market, resume_from={str(market.pk): 1_000_000}, account_seq=5)
        gap = await heard(client)
    assert (gap["type"], gap["account_seq"], gap["seq"]) == ("gap", 6, 6)
