"""A socket that nobody closes for 25 hours, on a clock that doesn't wait: it ticks until it is told why it ends."""

import asyncio
from itertools import pairwise
from typing import Any

import orjson
import pytest

from accounts.types import Visitor
from tests.monitoring.realtime.test_long_lived import VirtualClock
from tests.trading.realtime.socket import HOST, ORIGIN
from trading.consumers import LIFETIME_S, StreamConsumer
from trading.realtime import hub as hubs

HOURS = 25


class QuietHub(hubs.Hub):
    """Hears nothing, and finds everybody welcome each time it looks."""

    looked = 0

    async def _listen(self) -> None:
        await asyncio.sleep(HOURS * 3600)

    async def check_credentials(self) -> None:
        self.looked += 1


class Reader:
    """Admits without a database."""

    async def run(self, *_: Any) -> Visitor:
        return Visitor(user_id=1, session_key="s")

    async def shutdown(self) -> None:
        return


def test_no_socket_silently_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trading.consumers.Hub", QuietHub)
    monkeypatch.setattr("common.sockets.hub.Reader", Reader)
    clock = VirtualClock()
    loop = asyncio.SelectorEventLoop(clock)
    loop.time = lambda: clock.now  # type: ignore[method-assign]
    ticks: list[float] = []
    closes: list[tuple[float, dict[str, Any]]] = []

    async def hold() -> None:
        received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

        async def take(message: dict[str, Any]) -> None:
            if message["type"] == "websocket.close":
                closes.append((clock.now, message))
            elif "text" in message:
                assert orjson.loads(message["text"])["type"] == "tick"
                ticks.append(clock.now)

        await received.put({"type": "websocket.connect"})
        scope = {"type": "websocket", "headers": [HOST, ORIGIN], "client": ("192.0.2.1", 1)}
        socket = asyncio.ensure_future(StreamConsumer()(scope, received.get, take))
        await asyncio.wait([socket], timeout=HOURS * 3600)
        assert socket.done()

    try:
        loop.run_until_complete(hold())
    finally:
        loop.close()
        clock.close()
    (ended_at, close), *more = closes
    assert more == []
    assert ended_at == pytest.approx(LIFETIME_S, abs=5)
    assert (close["code"], close["reason"][:26]) == (1012, "The server restarts, or th")
    # Until then never more than 15 seconds of silence, after which a client would call it dead.
    assert len(ticks) == pytest.approx(LIFETIME_S / hubs.TICK_S, rel=0.01)
    assert max(after - before for before, after in pairwise(ticks)) < 15
