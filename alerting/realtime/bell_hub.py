"""The bells of one process: who has a page open hears at once that there is something new.

Contract   One hub an event loop, alive while it has clients. A frame says how many lines are new and what the newest
           is, so one that was lost is made up for by the next, and each client is looked after every POLL_S anyway.
Bound      One Redis subscription; one statement for each person who is told, and for each client at a poll.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
import redis

from accounts.selectors.admission import admit, dead_visitors
from accounts.types import Visitor
from alerting.realtime.bell_channel import CHANNEL
from alerting.selectors.notifications import Bell, bell_of
from common.clock import rfc3339
from common.reading import DatabaseAway
from common.sockets import hub as sockets
from common.sockets.consumer import is_cancelled
from common.sockets.newest import NewestClient

POLL_S: Final = 30.0
CREDENTIALS_S: Final = 5.0
RETRY_S: Final = 2.0
ACCOUNT_SOCKETS_MAX: Final = 50


def admitted(headers: Mapping[str, str]) -> Visitor | None:
    """The person behind a handshake, or None to refuse."""
    visitor = admit(headers)
    return None if visitor is None or visitor.user_id is None else visitor


def frame_of(bell: Bell) -> str:
    newest = bell.newest
    data: dict[str, Any] = {"type": "notifications", "unread": bell.unread, "newest": None}
    if newest is not None:
        data["newest"] = {
            "id": newest.id,
            "kind": newest.kind,
            "title": newest.title,
            "text": newest.text,
            "url": newest.url,
            "severity": newest.severity,
            "at": rfc3339(newest.at),
        }
    return orjson.dumps(data).decode()


class Hub(sockets.Hub[NewestClient]):
    name = "notifications"

    def start(self) -> None:
        self.background(self._listen())
        self.background(self.every(POLL_S, self._look_at_all))
        self.background(self.every(CREDENTIALS_S, self.check_credentials))

    def limit_of(self, client: NewestClient) -> int:
        return ACCOUNT_SOCKETS_MAX

    def unwelcome(self, visitors: set[Visitor]) -> set[Visitor]:
        return dead_visitors(visitors)

    async def greet(self, client: NewestClient) -> None:
        """The first frame of an open socket."""
        await self._look({client.visitor.user_id}, [client])

    async def _listen(self) -> None:
        while not is_cancelled():
            try:
                # What happened before is found at the beginning.
                await self.hear(CHANNEL, begun=self._look_at_all, heard=self._heard)
            except (redis.RedisError, OSError):
                await asyncio.sleep(RETRY_S)

    async def _heard(self, message: bytes) -> None:
        if message.isdigit():
            user_id = int(message)
            if listeners := [one for one in self.clients if one.visitor.user_id == user_id]:
                await self._look({user_id}, listeners)

    async def _look_at_all(self) -> None:
        await self._look({client.visitor.user_id for client in self.clients}, list(self.clients))

    async def _look(self, people: Iterable[int | None], clients: Iterable[NewestClient]) -> None:
        frames: dict[int, str] = {}
        try:
            for user_id in people:
                if user_id is not None:
                    frames[user_id] = frame_of(await self.reader.run(bell_of, user_id))
        except DatabaseAway:
            return
        for client in clients:
            if client.visitor.user_id in frames:
                client.put(frames[client.visitor.user_id])
