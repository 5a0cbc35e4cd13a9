"""A socket for those who are admitted: joins a hub, is counted, opens, writes, and leaves the hub however it ends.

Contract   ``connect`` refuses before the socket opens whoever isn't admitted; who can't stay is told why by the close
           code: 1013 no room, 1012 no database, 4429 too many of one's own.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar

from common.reading import DatabaseAway
from common.request_context import tell_user
from common.sockets.consumer import (
    CLOSE_FULL,
    CLOSE_RESTART,
    CLOSE_TOO_BIG,
    CLOSE_TOO_MANY,
    DismissibleConsumer,
    Message,
    Receive,
    Send,
)
from common.sockets.hub import Hub, NoRoom

H = TypeVar("H", bound=Hub[Any])


class AdmittedConsumer(DismissibleConsumer, Generic[H]):
    #: A longer message ends the socket.
    message_max: ClassVar[int]
    hub: H
    client: Any
    is_open = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.client = self.new_client()
        await super().__call__(scope, receive, send)

    @staticmethod
    def is_worth_a_look(headers: Mapping[str, str]) -> bool:
        """False for what is refused whoever it is; costs no read."""
        raise NotImplementedError

    @staticmethod
    def admitted(headers: Mapping[str, str]) -> Any:
        """The visitor behind a handshake, or None to refuse; on a thread of the hub's reader."""
        raise NotImplementedError

    @staticmethod
    def owner_of(visitor: Any, headers: Mapping[str, str], peer: str) -> str:
        """Whose sockets this one is counted among."""
        raise NotImplementedError

    def new_client(self) -> Any:
        """The hub's client of this socket, which ``tell`` closes."""
        raise NotImplementedError

    def join(self) -> H:
        """Enter the hub. Raises: NoRoom"""
        raise NotImplementedError

    async def opened(self) -> None:
        """The socket is open and written to; for what comes first."""

    async def heard(self, text: str | None) -> None:
        """A message came; ``None`` for a binary one."""

    async def left(self) -> None:
        if hasattr(self, "hub"):
            await self.hub.leave(self.client)

    async def connect(self) -> None:
        headers = self.headers()
        if not self.is_worth_a_look(headers):
            await self.refuse()
        try:
            self.hub = self.join()
            visitor = await self.hub.reader.run(self.admitted, headers)
        except NoRoom:
            return await self.turn_away(CLOSE_FULL)
        except DatabaseAway:
            return await self.turn_away(CLOSE_RESTART)
        if visitor is None:
            await self.refuse()
        self.client.visitor = visitor
        tell_user(visitor.user_id)
        if not self.hub.count(self.client, self.owner_of(visitor, headers, self.peer())):
            return await self.turn_away(CLOSE_TOO_MANY)
        await self.accept()
        self.is_open = True
        await self.opened()
        self.write_with(self.client.write)

    async def turn_away(self, code: int) -> None:
        await self.accept()
        self.client.close(code)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if len(text_data or bytes_data or "") > self.message_max:
            self.client.close(CLOSE_TOO_BIG)
        elif self.is_open:
            await self.heard(text_data)
