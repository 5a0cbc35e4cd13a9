"""The socket of a stream: admits, passes commands on, sends what waits, and ends in time."""

import asyncio
from typing import Final

from accounts.selectors.admission import admit, is_worth_a_look, owner_of
from common.reading import DatabaseAway
from common.request_context import tell_user
from common.sockets import (
    CLOSE_FULL,
    CLOSE_RESTART,
    CLOSE_TOO_BIG,
    CLOSE_TOO_MANY,
    DismissibleConsumer,
    Message,
    Receive,
    Send,
)
from trading.realtime.client import Client
from trading.realtime.hub import Hub, NoRoom, join
from trading.realtime.session import Session

FRAME_MAX: Final = 64 * 1024
LIFETIME_S: Final = 12 * 3600.0


class StreamConsumer(DismissibleConsumer):
    hub: Hub
    session: Session | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.client = Client(self.tell)
        timer = asyncio.get_running_loop().call_later(LIFETIME_S, self.client.close, CLOSE_RESTART)
        try:
            await super().__call__(scope, receive, send)
        finally:
            timer.cancel()

    async def left(self) -> None:
        if hasattr(self, "hub"):
            await self.hub.leave(self.client)

    async def connect(self) -> None:
        headers = self.headers()
        if not is_worth_a_look(headers):
            await self.refuse()
        try:
            self.hub = join(self.client)
            visitor = await self.hub.reader.run(admit, headers)
        except NoRoom:
            return await self.turn_away(CLOSE_FULL)
        except DatabaseAway:
            return await self.turn_away(CLOSE_RESTART)
        if visitor is None:
            await self.refuse()
        self.client.visitor = visitor
        tell_user(visitor.user_id)
        if not self.hub.count(self.client, owner_of(visitor, headers, self.peer())):
            return await self.turn_away(CLOSE_TOO_MANY)
        await self.accept()
        self.session = Session(self.hub, self.client)
        self.write_with(self.client.write)

    async def turn_away(self, code: int) -> None:
        await self.accept()
        self.client.close(code)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if len(text_data or bytes_data or "") > FRAME_MAX:
            self.client.close(CLOSE_TOO_BIG)
        elif self.session is not None:
            await self.session.handle(text_data)
