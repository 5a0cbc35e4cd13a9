"""The bells of one process: who has a page open hears at once that there is something new.

Contract   One hub an event loop, alive while it has clients. A frame says how many lines are new and what the newest
           is, so one that was lost is made up for by the next, and each client is looked after every POLL_S anyway.
Bound      One Redis subscription; one statement for each person who is told, and for each client at a poll.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

import orjson
import redis.asyncio
from django.conf import settings

from accounts.selectors.admission import admit, dead_visitors
from accounts.types import Visitor
from alerting.realtime.bell_channel import CHANNEL
from alerting.selectors.notifications import Bell, bell_of
from common.clock import rfc3339
from common.reading import DatabaseAway, Reader
from common.sockets import CLOSE_RESTART, CLOSE_SIGNED_OUT, is_cancelled

POLL_S: Final = 30.0
CREDENTIALS_S: Final = 5.0
RETRY_S: Final = 2.0
DISMISSAL_S: Final = 3.0
ACCOUNT_SOCKETS_MAX: Final = 50

logger = logging.getLogger(__name__)
_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


class NoRoom(Exception):
    """The process serves as many sockets as it may."""


class Listener:
    """One open page: holds the newest frame until it is sent."""

    def __init__(self, close: Callable[[int], None]) -> None:
        self.visitor = Visitor()
        self.close = close
        self._frame: str | None = None
        self._has_work = asyncio.Event()

    def put(self, frame: str) -> None:
        self._frame = frame
        self._has_work.set()

    async def write(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Send what waits, for ever."""
        while True:
            await self._has_work.wait()
            self._has_work.clear()
            frame, self._frame = self._frame, None
            if frame is not None:
                await send(frame)


def join(client: Listener) -> "Hub":
    """Add a client to the hub of this event loop, which starts with its first client.

    Raises: NoRoom
    """
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is not None and len(hub.clients) >= settings.STREAM_CONNECTIONS_MAX:
        raise NoRoom
    if hub is None:
        hub = _hubs[loop] = Hub()
        hub.start()
    hub.clients.add(client)
    return hub


async def dismiss_all() -> None:
    """Ask every client of this event loop to come back later; for a shutdown."""
    hub = _hubs.get(asyncio.get_running_loop())
    if hub is None:
        return
    for client in list(hub.clients):
        client.close(CLOSE_RESTART)
    try:
        async with asyncio.timeout(DISMISSAL_S):
            while hub.clients:
                await asyncio.sleep(0.02)
    except TimeoutError:
        return


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


class Hub:
    def __init__(self) -> None:
        self.clients: set[Listener] = set()
        self.reader = Reader()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._start(self._listen())
        self._start(self._every(POLL_S, self._look_at_all))
        self._start(self._every(CREDENTIALS_S, self._check_credentials))

    def has_room(self, client: Listener) -> bool:
        mine = sum(other.visitor.user_id == client.visitor.user_id for other in self.clients)
        return mine <= ACCOUNT_SOCKETS_MAX

    async def greet(self, client: Listener) -> None:
        """The first frame of an open socket."""
        await self._look({client.visitor.user_id}, [client])

    async def leave(self, client: Listener) -> None:
        """Forget a client; the last one switches off the light."""
        self.clients.discard(client)
        loop = asyncio.get_running_loop()
        if not self.clients and _hubs.get(loop) is self:
            del _hubs[loop]
            await self._stop()

    async def _stop(self) -> None:
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            # Again and again, because redis-py swallows a cancellation that comes while it connects.
            await asyncio.wait(self._tasks, timeout=0.1)
        await self.reader.shutdown()

    async def _listen(self) -> None:
        while not is_cancelled():
            try:
                await self._hear()
            except (redis.RedisError, OSError):
                await asyncio.sleep(RETRY_S)

    async def _hear(self) -> None:
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1.0, health_check_interval=5)
        async with client, client.pubsub(ignore_subscribe_messages=True) as listener:
            await listener.subscribe(CHANNEL)
            # What happened before is found now.
            await self._look_at_all()
            while not is_cancelled():
                message = await listener.get_message(timeout=1.0)
                if message is not None and message["data"].isdigit():
                    user_id = int(message["data"])
                    if listeners := [one for one in self.clients if one.visitor.user_id == user_id]:
                        await self._look({user_id}, listeners)

    async def _look_at_all(self) -> None:
        await self._look({client.visitor.user_id for client in self.clients}, list(self.clients))

    async def _look(self, people: Iterable[int | None], clients: Iterable[Listener]) -> None:
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

    async def _check_credentials(self) -> None:
        visitors = {client.visitor for client in self.clients if client.visitor.user_id is not None}
        if visitors:
            try:
                dead = await self.reader.run(dead_visitors, visitors)
            except DatabaseAway:
                return
            for client in [client for client in self.clients if client.visitor in dead]:
                client.close(CLOSE_SIGNED_OUT)

    async def _every(self, interval_s: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        while True:
            await asyncio.sleep(interval_s)
            # A task of its own, so that a mistake in one round doesn't end all others.
            await asyncio.wait([self._start(work())])

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("A task of the notifications failed.", exc_info=task.exception())
