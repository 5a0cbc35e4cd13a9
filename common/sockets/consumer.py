"""A WebSocket whose server can tell it to go, and be sure that it goes.

Contract   ``tell`` ends the connection with a code from anywhere in its event loop, even while the client reads
           nothing. ``left`` runs exactly once, however the socket ended.
Why        Channels' own consumer waits for the client's next message and keeps a database connection to look after.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, NoReturn

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from common.metrics.registry import registry

SOCKETS: Final = registry.gauge("sockets_open", "WebSockets that this process serves.").of()
FRAMES: Final = registry.counter("socket_frames_total", "Messages sent to sockets.").of()
DROPPED: Final = registry.counter("socket_frames_dropped_total", "Messages a client was too slow to take.").of()

CLOSE_POLICY: Final = 1008
CLOSE_TOO_BIG: Final = 1009
CLOSE_RESTART: Final = 1012
CLOSE_FULL: Final = 1013
CLOSE_SIGNED_OUT: Final = 4401
CLOSE_TOO_MANY: Final = 4429
CLOSE_SLOW: Final = 4008
REASONS: Final = {
    CLOSE_POLICY: "Too many commands: send fewer.",
    CLOSE_TOO_BIG: "The message is too long.",
    CLOSE_SLOW: "You read too slowly: connect again and resume.",
    CLOSE_SIGNED_OUT: "Signed out, key revoked or expired, or account suspended.",
    CLOSE_FULL: "The server has no more sockets to give: try again later.",
    CLOSE_TOO_MANY: "Too many sockets: close one of yours first.",
}
#: How long a client that reads nothing keeps its socket after it was told to go.
FAREWELL_S: Final = 2.0
RECONNECT_MIN_MS: Final = 200

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class DismissibleConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    writer: asyncio.Task[None] | None = None
    is_counted = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.source = receive
        try:
            await super().__call__(scope, self._receive_or_told, send)
        finally:
            SOCKETS.add(-1.0 if self.is_counted else 0.0)
            self._stop_writing()
            await self.left()

    async def left(self) -> None:
        """The socket is over; subclasses give back what it had."""

    async def dispatch(self, message: Message) -> None:
        # Unlike that of Channels it has no database connection of this thread to look after.
        handlers = {
            "websocket.connect": self.websocket_connect,
            "websocket.receive": self.websocket_receive,
            "websocket.disconnect": self.websocket_disconnect,
        }
        await handlers[message["type"]](message)

    async def websocket_disconnect(self, message: Message) -> None:
        raise StopConsumer

    async def accept(self, *args: Any, **kwargs: Any) -> None:
        await super().accept(*args, **kwargs)
        self.is_counted = True
        SOCKETS.add(1.0)

    async def send_counted(self, text: str) -> None:
        await self.send(text)
        FRAMES.add()

    def headers(self) -> Mapping[str, str]:
        """Those of the handshake, names in lower case."""
        return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self.scope["headers"]}

    def peer(self) -> str:
        """The address that the connection comes from."""
        address, _ = self.scope.get("client") or ("", 0)
        return str(address)

    def tell(self, code: int) -> None:
        """End the connection soon."""
        if not self.told.done():
            self.told.set_result(code)

    def write_with(self, write: Callable[[Callable[[str], Awaitable[None]]], Awaitable[None]]) -> None:
        """Let ``write`` send texts, each by the function it is given, until the socket is over."""
        self.writer = asyncio.ensure_future(write(self.send_counted))

    async def refuse(self) -> NoReturn:
        """Refuse the handshake."""
        await self.close()
        # Granian answers the handshake only when the application has ended.
        raise StopConsumer

    async def turn_away(self, code: int) -> None:
        """Open the socket to tell why it can't stay: browsers learn it only then."""
        await self.accept()
        self.tell(code)

    async def _receive_or_told(self) -> Message:
        """The next message of the client, or its disconnection once somebody told it to go."""
        source = asyncio.ensure_future(self.source())
        try:
            await asyncio.wait((source, self.told), return_when=asyncio.FIRST_COMPLETED)
            if not self.told.done():
                return source.result()
        finally:
            source.cancel()
        self._stop_writing()
        code = self.told.result()
        try:
            await asyncio.wait_for(self.close(code, reason(code)), FAREWELL_S)
        except TimeoutError:
            pass
        return {"type": "websocket.disconnect", "code": code}

    def _stop_writing(self) -> None:
        if self.writer is not None:
            self.writer.cancel()


def reason(code: int) -> str | None:
    """What a close frame says; who has to come back is told when, each at another moment."""
    if code != CLOSE_RESTART:
        return REASONS.get(code)
    wait_ms = random.randint(RECONNECT_MIN_MS, int(settings.RECONNECT_SPREAD_S * 1_000))
    return f"The server restarts, or the socket is old: come back in {wait_ms} ms."


def is_cancelled() -> bool:
    """Whether the running task was told to end; whatever runs for ever looks.

    redis-py swallows a cancellation that comes while it connects, and nobody may send another.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
