"""A client that is told how things stand: at most the newest frame waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from common.sockets.consumer import DROPPED


class NewestClient:
    """One socket, which ``close`` ends with a code; a frame that was not sent when the next comes is dropped."""

    def __init__(self, visitor: Any, close: Callable[[int], None]) -> None:
        self.visitor = visitor
        self.owner = ""
        self.close = close
        self._frame: str | None = None
        self._has_frame = asyncio.Event()

    def put(self, frame: str) -> None:
        if self._frame is not None:
            DROPPED.add()
        self._frame = frame
        self._has_frame.set()

    async def write(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Send what waits, for ever."""
        while True:
            await self._has_frame.wait()
            self._has_frame.clear()
            frame, self._frame = self._frame, None
            if frame is not None:
                await send(frame)
