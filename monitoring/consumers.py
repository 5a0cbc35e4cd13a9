"""The socket of a dashboard: admits staff, sends the newest frame, answers pings, ends in time.

No lifetime: what a socket needs is in this process and in its own queue, so one that is held for days still receives.
"""

from typing import Any

import orjson

from accounts.selectors.admission import is_worth_a_look, owner_of
from common.sockets.admitted import AdmittedConsumer
from monitoring.realtime import live_frames
from monitoring.realtime.dashboard_hub import Hub, admitted
from monitoring.realtime.mailbox import Mailbox


class DashboardConsumer(AdmittedConsumer[Hub]):
    message_max = 1024
    is_worth_a_look = staticmethod(is_worth_a_look)
    admitted = staticmethod(admitted)
    owner_of = staticmethod(owner_of)

    def new_client(self) -> Mailbox:
        return Mailbox(self.tell)

    def join(self) -> Hub:
        return Hub.join(self.client)

    async def opened(self) -> None:
        self.hub.greet(self.client)

    async def heard(self, text: str | None) -> None:
        self.client.answer(_answer(text))


def _answer(text: str | None) -> str:
    try:
        command: Any = orjson.loads(text or "")
    except orjson.JSONDecodeError:
        command = None
    if not isinstance(command, dict) or command.get("cmd") != "ping":
        command_id = command.get("id") if isinstance(command, dict) else None
        return live_frames.mistake(command_id, 'Send {"cmd": "ping", "id": 1}; frames come by themselves.')
    return live_frames.pong(command.get("id"))
