"""One connected client: what waits to be sent, and what was subscribed to.

Contract   A frame of how things stand (ticker, candle, position) takes the place of one that still waits, so that a
           slow reader gets the newest. ``account_seq`` numbers the private frames of a socket without gaps, in the
           order in which they are sent, from 1 or on from those of an earlier socket; the tick tells the last.
Bound      FRAMES_MAX live frames or BYTES_MAX may wait beyond the answer to a command; more means that
           the client reads too slowly, and it is closed rather than served old news.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from accounts.types import Visitor
from common.sockets.consumer import CLOSE_SLOW, DROPPED
from trading.realtime.frames import framed, framed_own
from trading.realtime.shapes import PRIVATE_CHANNELS, STATE_CHANNELS

FRAMES_MAX: Final = 5_000
BYTES_MAX: Final = 4 << 20
#: A command waits until fewer frames than this are waiting.
CALM_FRAMES: Final = 100
#: So many frames that gave way may stay in the queue.
EMPTY_MAX: Final = 100
#: An array of frames is cut here.
BATCH_BYTES: Final = 256 << 10


@dataclass(slots=True)
class Waiting:
    """A frame without what its client puts before it; ``text`` is empty once a newer one has its place."""

    text: str
    sid: int = 0
    is_own: bool = False


class Client:
    """The queue of one connection, which ``close`` ends with a code."""

    def __init__(self, close: Callable[[int], None]) -> None:
        self.visitor = Visitor()
        #: Whose sockets this one is counted among, once it is known.
        self.owner = ""
        self._close = close
        self.subscriptions: dict[int, Subscription] = {}
        self.sid_last = 0
        #: Frames are gathered for so long and sent as one array; 0: each by itself.
        self.batch_s = 0.0
        #: Whether there ever was a private channel, whose frames are numbered.
        self.has_private = False
        self._account_seq = 0
        #: A text is whole and shared with others.
        self._waiting: deque[Waiting | str] = deque()
        self._newest: dict[tuple[int, object], Waiting] = {}
        self._bytes = 0
        #: How many of those that wait have given way.
        self._empty = 0
        self._allowed_frames = FRAMES_MAX
        self._allowed_bytes = BYTES_MAX
        self._is_over = False
        self._has_work = asyncio.Event()
        self._is_calm = asyncio.Event()
        self._is_calm.set()

    @property
    def market_count(self) -> int:
        return sum(len(subscription.markets) for subscription in self.subscriptions.values())

    def count_from(self, account_seq: int) -> None:
        """Number private frames on from those of an earlier socket; before the first of this one."""
        self._account_seq = account_seq

    def close(self, code: int) -> None:
        """End the connection soon: no more frames, and a command that waits for calm goes on."""
        if not self._is_over:
            self._is_over = True
            self._is_calm.set()
            self._close(code)

    def put(self, text: str) -> None:
        """Queue a frame that nobody asked for just now."""
        self.put_waiting(Waiting(text))

    def put_waiting(self, frame: Waiting, key: object = None) -> None:
        """Queue a frame; one of the same ``key`` and subscription that still waits gives way."""
        if self._is_over:
            return
        if key is not None:
            self._supersede((frame.sid, key), frame)
        if len(self._waiting) - self._empty >= self._allowed_frames or self._bytes >= self._allowed_bytes:
            DROPPED.add(len(self._waiting) + 1)
            self.close(CLOSE_SLOW)
            return
        self._append(frame)

    def put_framed(self, text: str) -> None:
        """Queue a frame that is whole, so that many clients share it."""
        if self._is_over:
            return
        waiting = self._waiting
        if len(waiting) - self._empty >= self._allowed_frames or self._bytes >= self._allowed_bytes:
            DROPPED.add(len(waiting) + 1)
            self.close(CLOSE_SLOW)
            return
        waiting.append(text)
        self._bytes += len(text)
        self._has_work.set()
        if len(waiting) >= CALM_FRAMES:
            self._is_calm.clear()

    def answer(self, frames: Iterable[Waiting]) -> None:
        """Queue what a command asked for, which no limit cuts."""
        for frame in frames:
            self._append(frame)
            self._allowed_frames += 1
            self._allowed_bytes += len(frame.text)

    async def calm(self) -> None:
        """Wait until the client has read most of what it asked for."""
        await self._is_calm.wait()

    async def write(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Send what waits, for ever."""
        while True:
            await self._has_work.wait()
            if self.batch_s:
                await asyncio.sleep(self.batch_s)
            while self._waiting:
                text = f"[{','.join(self._several())}]" if self.batch_s else self._next()
                if len(self._waiting) < CALM_FRAMES:
                    self._is_calm.set()
                if text:
                    await send(text)
            self._newest.clear()
            self._allowed_frames, self._allowed_bytes = FRAMES_MAX, BYTES_MAX
            self._has_work.clear()

    def _several(self) -> Iterator[str]:
        """The next frames up to BATCH_BYTES."""
        size = 0
        while self._waiting and size < BATCH_BYTES:
            if text := self._next():
                size += len(text)
                yield text

    def _next(self) -> str:
        """The next frame as it is sent; empty if it gave way."""
        frame = self._waiting.popleft()
        if isinstance(frame, str):
            self._bytes -= len(frame)
            return frame
        text, frame.text = frame.text, ""
        self._bytes -= len(text)
        if not text:
            self._empty -= 1
            return ""
        if not frame.is_own:
            return framed(frame.sid, text) if frame.sid else text
        # A tick has no ``sid`` and repeats the last number.
        self._account_seq += 1 if frame.sid else 0
        return framed_own(frame.sid, self._account_seq, text)

    def _supersede(self, key: tuple[int, object], frame: Waiting) -> None:
        old = self._newest.get(key)
        if old is not None and old.text:
            DROPPED.add()
            self._bytes -= len(old.text)
            old.text = ""
            self._empty += 1
            if self._empty > EMPTY_MAX and 2 * self._empty > len(self._waiting):
                self._waiting = deque(one for one in self._waiting if isinstance(one, str) or one.text)
                self._empty = 0
        self._newest[key] = frame

    def _append(self, frame: Waiting) -> None:
        self._waiting.append(frame)
        self._bytes += len(frame.text)
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
    held: list[Waiting] | None = field(default_factory=list)
    #: The newest state that was given, by channel and market.
    state_seqs: dict[tuple[str, int], int] = field(default_factory=dict)

    def put(self, channel: str, tail: str, key: object = None) -> None:
        """Queue a frame of ``channel``; ``key`` tells what a frame of how things stand is of."""
        frame = Waiting(tail, self.sid, channel in PRIVATE_CHANNELS)
        if self.held is not None:
            self.held.append(frame)
        elif channel in STATE_CHANNELS:
            self.client.put_waiting(frame, (channel, key))
        else:
            self.client.put_waiting(frame)

    def share(self, tail: str, framed_by_sid: dict[int, str]) -> None:
        """Queue a public frame that others get too; ``framed_by_sid`` keeps it for those with the same ``sid``."""
        if self.held is not None:
            self.held.append(Waiting(tail, self.sid))
            return
        text = framed_by_sid.get(self.sid)
        if text is None:
            text = framed_by_sid[self.sid] = framed(self.sid, tail)
        self.client.put_framed(text)

    def tell_gap(self, tail: str) -> None:
        """Say that it couldn't be resumed. Who has private channels gets it with a number, as a frame of those."""
        frame = Waiting(tail, self.sid, not self.channels.isdisjoint(PRIVATE_CHANNELS))
        assert self.held is not None, "it is told between a command and its answer"
        self.held.append(frame)

    def release(self, answer: str) -> None:
        """Send the answer, then what was held, then everything as it comes."""
        held, self.held = self.held or [], None
        self.client.answer([Waiting(answer), *held])
