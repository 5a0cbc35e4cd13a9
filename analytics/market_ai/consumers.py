"""The analytics socket: admits staff who watch the site, then only sends.

The client id in the address is the client's own word for itself; it tells nothing to anybody else.
"""

from typing import Final

from accounts.selectors.admission import is_worth_a_look, owner_of
from analytics.market_ai.realtime.analytics_hub import AnalyticsHub, Client, NoRoom, admitted, join
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

MESSAGE_MAX: Final = 1024


class AnalyticsConsumer(DismissibleConsumer):
    hub: AnalyticsHub

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.client = Client(self.tell)
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
        if not self.hub.count(self.client, owner_of(visitor, headers, self.peer())):
            return await self.turn_away(CLOSE_TOO_MANY)
        await self.accept()
        self.hub.greet(self.client)
        self.write_with(self.client.write)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        # Nothing that is sent means anything; long messages cost something all the same.
        if len(text_data or bytes_data or "") > MESSAGE_MAX:
            self.tell(CLOSE_TOO_BIG)
