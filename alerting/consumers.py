"""The socket of the bell: admits people, tells what is new, ends in time. What a client says is ignored."""

from typing import Final

from accounts.selectors.admission import is_worth_a_look
from alerting.realtime.bell_hub import Hub, Listener, NoRoom, admitted, join
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

MESSAGE_MAX: Final = 256


class BellConsumer(DismissibleConsumer):
    hub: Hub

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.client = Listener(self.tell)
        await super().__call__(scope, receive, send)

    async def left(self) -> None:
        if hasattr(self, "hub"):
            await self.hub.leave(self.client)

    async def connect(self) -> None:
        headers = self.headers()
        if not is_worth_a_look(headers):
            await self.refuse()
        try:
            self.hub = join(self.client)
            visitor = await self.hub.reader.run(admitted, headers)
        except NoRoom:
            return await self.turn_away(CLOSE_FULL)
        except DatabaseAway:
            return await self.turn_away(CLOSE_RESTART)
        if visitor is None:
            await self.refuse()
        self.client.visitor = visitor
        tell_user(visitor.user_id)
        if not self.hub.has_room(self.client):
            return await self.turn_away(CLOSE_TOO_MANY)
        await self.accept()
        self.write_with(self.client.write)
        await self.hub.greet(self.client)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if len(text_data or bytes_data or "") > MESSAGE_MAX:
            self.client.close(CLOSE_TOO_BIG)
