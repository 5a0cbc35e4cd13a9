"""The socket of a dashboard: admits staff, sends the newest frame, answers pings, ends in time.

No lifetime: what a socket needs is in this process and in its own queue, so one that is held for days still receives.
"""

from typing import Any, Final

import orjson

from accounts.selectors.admission import is_worth_a_look, owner_of
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
from monitoring.realtime import live_frames
from monitoring.realtime.dashboard_hub import Hub, NoRoom, admitted, join
from monitoring.realtime.mailbox import Mailbox

MESSAGE_MAX: Final = 1024


class DashboardConsumer(DismissibleConsumer):
    hub: Hub
    is_open = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.client = Mailbox(self.tell)
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
        self.is_open = True
        self.hub.greet(self.client)
        self.write_with(self.client.write)

    async def turn_away(self, code: int) -> None:
        await self.accept()
        self.client.close(code)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if len(text_data or bytes_data or "") > MESSAGE_MAX:
            self.client.close(CLOSE_TOO_BIG)
        elif self.is_open:
            self.client.answer(_answer(text_data))


def _answer(text: str | None) -> str:
    try:
        command: Any = orjson.loads(text or "")
    except orjson.JSONDecodeError:
        command = None
    if not isinstance(command, dict) or command.get("cmd") != "ping":
        command_id = command.get("id") if isinstance(command, dict) else None
        return live_frames.mistake(command_id, 'Send {"cmd": "ping", "id": 1}; frames come by themselves.')
    return live_frames.pong(command.get("id"))
