"""The socket of a stream: admits, passes commands on, sends what waits, and ends in time."""

import asyncio
from typing import Final

from accounts.selectors.admission import admit, is_worth_a_look, owner_of
from common.sockets.admitted import AdmittedConsumer
from common.sockets.consumer import CLOSE_RESTART, Message, Receive, Send
from trading.realtime.client import Client
from trading.realtime.hub import Hub
from trading.realtime.session import Session

LIFETIME_S: Final = 12 * 3600.0


class StreamConsumer(AdmittedConsumer[Hub]):
    message_max = 64 * 1024
    is_worth_a_look = staticmethod(is_worth_a_look)
    admitted = staticmethod(admit)
    owner_of = staticmethod(owner_of)
    session: Session

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        timer = asyncio.get_running_loop().call_later(LIFETIME_S, self.close_old)
        try:
            await super().__call__(scope, receive, send)
        finally:
            timer.cancel()

    def close_old(self) -> None:
        self.client.close(CLOSE_RESTART)

    def new_client(self) -> Client:
        return Client(self.tell)

    def join(self) -> Hub:
        return Hub.join(self.client)

    async def opened(self) -> None:
        self.session = Session(self.hub, self.client)

    async def heard(self, text: str | None) -> None:
        await self.session.handle(text)
