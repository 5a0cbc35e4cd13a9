"""The socket of a stream: admits, passes commands on, sends what waits, and ends in time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, NoReturn

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from trading.realtime.admission import admit, is_worth_a_look, owner_of
from trading.realtime.client import Client
from trading.realtime.hub import CLOSE_FULL, CLOSE_RESTART, CLOSE_TOO_MANY, REASONS, Hub, NoRoom, join
from trading.realtime.reading import DatabaseAway
from trading.realtime.session import Session

FRAME_MAX: Final = 64 * 1024
LIFETIME_S: Final = 12 * 3600.0
CLOSE_TOO_BIG: Final = 1009
#: How long a client that reads nothing keeps its socket after it was told to go.
FAREWELL_S: Final = 2.0

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class StreamConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    hub: Hub
    session: Session | None = None
    writer: asyncio.Task[None] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        self.told: asyncio.Future[int] = loop.create_future()
        self.client = Client(self._tell)
        timer = loop.call_later(LIFETIME_S, self.client.close, CLOSE_RESTART)
        self.source = receive
        try:
            await super().__call__(scope, self._receive_or_told, send)
        finally:
            timer.cancel()
            self._stop_writing()
            if hasattr(self, "hub"):
                await self.hub.leave(self.client)

    async def dispatch(self, message: Message) -> None:
        # Unlike that of Channels it has no database connection of this thread to look after.
        handlers = {
            "websocket.connect": self.websocket_connect,
            "websocket.receive": self.websocket_receive,
            "websocket.disconnect": self.websocket_disconnect,
        }
        await handlers[message["type"]](message)

    async def connect(self) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self.scope["headers"]}
        if not is_worth_a_look(headers):
            await self._refuse()
        try:
            self.hub = join(self.client)
            visitor = await self.hub.reader.run(admit, headers)
        except NoRoom:
            return await self._turn_away(CLOSE_FULL)
        except DatabaseAway:
            return await self._turn_away(CLOSE_RESTART)
        if visitor is None:
            await self._refuse()
        self.client.visitor = visitor
        peer, _ = self.scope.get("client") or ("", 0)
        if not self.hub.count(self.client, owner_of(visitor, headers, peer)):
            return await self._turn_away(CLOSE_TOO_MANY)
        await self.accept()
        self.session = Session(self.hub, self.client)
        self.writer = asyncio.get_running_loop().create_task(self.client.write(self.send))

    async def _refuse(self) -> NoReturn:
        await self.close()
        # Granian answers the handshake only when the application has ended.
        raise StopConsumer

    async def _turn_away(self, code: int) -> None:
        # Browsers learn why only from a socket that was open.
        await self.accept()
        self.client.close(code)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if len(text_data or bytes_data or "") > FRAME_MAX:
            self.client.close(CLOSE_TOO_BIG)
        elif self.session is not None:
            await self.session.handle(text_data)

    async def websocket_disconnect(self, message: Message) -> None:
        raise StopConsumer

    def _tell(self, code: int) -> None:
        if not self.told.done():
            self.told.set_result(code)

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
        try:
            code = self.told.result()
            await asyncio.wait_for(self.close(code, REASONS.get(code)), FAREWELL_S)
        except TimeoutError:
            pass
        return {"type": "websocket.disconnect", "code": self.told.result()}

    def _stop_writing(self) -> None:
        if self.writer is not None:
            self.writer.cancel()
