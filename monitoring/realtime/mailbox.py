"""What waits for one dashboard: the newest frame, and short answers in order.

Contract   A frame that was not sent when the next comes is dropped: a slow reader sees the present, and by ``seq`` that
           something is missing. Answers are never dropped.
Bound      One frame and ANSWERS_MAX answers; who doesn't read those is closed.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

from accounts.types import Visitor
from common.sockets.consumer import CLOSE_SLOW, DROPPED

ANSWERS_MAX: Final = 32


class Mailbox:
    """One connected dashboard, which ``close`` ends with a code."""

    def __init__(self, close: Callable[[int], None]) -> None:
        self.visitor = Visitor()
        #: Whose sockets this one is counted among, once it is known.
        self.owner = ""
        self.dropped = 0
        self._close = close
        self._is_over = False
        self._frame: str | None = None
        self._answers: deque[str] = deque()
        self._has_work = asyncio.Event()

    def close(self, code: int) -> None:
        if not self._is_over:
            self._is_over = True
            self._close(code)

    def put(self, frame: str) -> None:
        """Offer the newest frame."""
        if self._frame is not None:
            self.dropped += 1
            DROPPED.add()
        self._frame = frame
        self._has_work.set()

    def answer(self, text: str) -> None:
        """Send this before the next frame."""
        if len(self._answers) >= ANSWERS_MAX:
            return self.close(CLOSE_SLOW)
        self._answers.append(text)
        self._has_work.set()

    async def write(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Send what waits, for ever."""
        while True:
            await self._has_work.wait()
            self._has_work.clear()
            while self._answers:
                await send(self._answers.popleft())
            frame, self._frame = self._frame, None
            if frame is not None:
                await send(frame)
