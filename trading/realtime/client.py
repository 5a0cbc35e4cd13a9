"""One connected client: what waits to be sent, and what was subscribed to.

Bound      FRAMES_MAX live frames or BYTES_MAX may wait beyond the answer to a command; more means that
           the client reads too slowly, and it is closed rather than served old news.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from accounts.types import Visitor
from common.sockets import DROPPED
from trading.realtime.frames import framed

FRAMES_MAX: Final = 5_000
BYTES_MAX: Final = 4 << 20
CLOSE_SLOW: Final = 4008
#: A command waits until fewer frames than this are waiting.
CALM_FRAMES: Final = 100


class Client:
    """The queue of one connection, which ``close`` ends with a code."""

    def __init__(self, close: Callable[[int], None]) -> None:
        self.visitor = Visitor()
        #: Whose sockets this one is counted among, once it is known.
        self.owner = ""
        self._close = close
        self.subscriptions: dict[int, Subscription] = {}
        self.sid_last = 0
        self._waiting: deque[str] = deque()
        self._bytes = 0
        self._allowed_frames = FRAMES_MAX
        self._allowed_bytes = BYTES_MAX
        self._is_over = False
        self._has_work = asyncio.Event()
        self._is_calm = asyncio.Event()
        self._is_calm.set()

    @property
    def market_count(self) -> int:
        return sum(len(subscription.markets) for subscription in self.subscriptions.values())

    def close(self, code: int) -> None:
        """End the connection soon: no more frames, and a command that waits for calm goes on."""
        if not self._is_over:
            self._is_over = True
            self._is_calm.set()
            self._close(code)

    def put(self, text: str) -> None:
        """Queue a frame that nobody asked for just now."""
        if self._is_over:
            return
        if len(self._waiting) >= self._allowed_frames or self._bytes >= self._allowed_bytes:
            DROPPED.add(len(self._waiting) + 1)
            self.close(CLOSE_SLOW)
            return
        self._append(text)

    def answer(self, texts: Iterable[str]) -> None:
        """Queue what a command asked for, which no limit cuts."""
        for text in texts:
            self._append(text)
            self._allowed_frames += 1
            self._allowed_bytes += len(text)

    async def calm(self) -> None:
        """Wait until the client has read most of what it asked for."""
        await self._is_calm.wait()

    async def write(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Send what waits, for ever."""
        while True:
            await self._has_work.wait()
            while self._waiting:
                text = self._waiting.popleft()
                self._bytes -= len(text)
                if len(self._waiting) < CALM_FRAMES:
                    self._is_calm.set()
                await send(text)
            self._allowed_frames, self._allowed_bytes = FRAMES_MAX, BYTES_MAX
            self._has_work.clear()

    def _append(self, text: str) -> None:
        self._waiting.append(text)
        self._bytes += len(text)
        self._has_work.set()
        if len(self._waiting) >= CALM_FRAMES and not self._is_over:
            self._is_calm.clear()


@dataclass(eq=False, slots=True)
class Subscription:
    """Channels of markets under one ``sid``. While ``held`` is a list, frames wait in it for the answer."""

    client: Client
    sid: int
    channels: frozenset[str]
    markets: set[int] = field(default_factory=set)
    held: list[str] | None = field(default_factory=list)
    ticker_seqs: dict[int, int] = field(default_factory=dict)

    def put(self, tail: str) -> None:
        text = framed(self.sid, tail)
        if self.held is None:
            self.client.put(text)
        else:
            self.held.append(text)

    def release(self, answer: str) -> None:
        """Send the answer, then what was held, then everything as it comes."""
        held, self.held = self.held or [], None
        self.client.answer([answer, *held])
