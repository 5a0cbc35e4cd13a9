"""A dashboard that stays open for 25 hours, on a clock that doesn't wait."""

import asyncio
import selectors
import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from accounts.types import Visitor
from common.sockets.hub import hubs_of_loop
from monitoring.consumers import DashboardConsumer
from monitoring.engine.frame_text import text_of
from monitoring.realtime import dashboard_hub, live_frames
from tests.monitoring.telling import frame
from tests.trading.realtime.socket import HOST, ORIGIN

HOURS = 25
BEGIN = 1_800_000_000


class VirtualClock(selectors.DefaultSelector):
    """Whoever waits gets there at once: time goes on by what the loop would have slept."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0.0 if timeout is not None else None)
        if not found and timeout is not None:
            self.now += max(timeout, 0.0)
        return found


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualClock]:
    virtual = VirtualClock()
    monkeypatch.setattr(time, "time", lambda: BEGIN + virtual.now)
    yield virtual
    virtual.close()


class QuietHub(dashboard_hub.Hub):
    """Hears one process each second, and finds everybody welcome each time it looks."""

    looked = 0

    async def _listen(self) -> None:
        self._is_listening = True
        while True:
            second = int(time.time()) + 1
            await asyncio.sleep(second + 0.01 - time.time())
            self.take(text_of(frame(second, number=second, counters={}, sketches={})))

    async def check_credentials(self) -> None:
        self.looked += 1


class Reader:
    """Admits without a database."""

    async def run(self, *_: Any) -> Visitor:
        return Visitor(user_id=1, session_key="s")

    async def shutdown(self) -> None:
        return


@pytest.mark.slow
def test_a_socket_held_for_25_hours_still_receives_each_second(
    clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitoring.consumers.Hub", QuietHub)
    monkeypatch.setattr("common.sockets.hub.Reader", Reader)
    # What a frame says of the values is the business of other tests.
    monkeypatch.setattr(
        live_frames, "metrics", lambda second, *_, **__: live_frames.text({"type": "metrics", "seq": second})
    )
    loop = asyncio.SelectorEventLoop(clock)
    loop.time = lambda: clock.now  # type: ignore[method-assign]
    seqs: list[int] = []

    async def hold() -> None:
        sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

        async def take(message: dict[str, Any]) -> None:
            if "text" in message:
                document = orjson.loads(message["text"])
                if document["type"] == "metrics":
                    seqs.append(document["seq"])
            else:
                await sent.put(message)

        await received.put({"type": "websocket.connect"})
        scope = {"type": "websocket", "headers": [HOST, ORIGIN], "client": ("192.0.2.1", 1)}
        socket = asyncio.ensure_future(DashboardConsumer()(scope, received.get, take))
        async with asyncio.timeout(10):
            assert (await sent.get())["type"] == "websocket.accept"
        (hub,) = hubs_of_loop()
        await asyncio.sleep(HOURS * 3600)
        assert not socket.done()
        assert isinstance(hub, QuietHub)
        assert hub.looked == pytest.approx(HOURS * 1200, rel=0.01)
        await received.put({"type": "websocket.disconnect", "code": 1000})
        await socket

    try:
        loop.run_until_complete(hold())
    finally:
        loop.close()
    assert len(seqs) >= HOURS * 3600 - 2
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
