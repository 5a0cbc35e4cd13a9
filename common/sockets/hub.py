"""What every hub of sockets does: who is there, how many may be, who has to go, what runs in the background.

Contract   One hub of a kind an event loop, alive while it has clients: ``join`` starts it with its first client, the
           last that leaves stops its tasks and its reader. A task that fails is logged and ends alone.
           A client whose visitor is ``unwelcome`` is closed with 4401.
Bound      STREAM_CONNECTIONS_MAX clients a hub.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, ClassVar, Final, Generic, Protocol, Self, TypeVar
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings

from common.reading import DatabaseAway, Reader
from common.sockets.consumer import CLOSE_RESTART, CLOSE_SIGNED_OUT, is_cancelled

DISMISSAL_S: Final = 3.0
_HEAR_S: Final = 1.0
_HEALTH_S: Final = 5

_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, dict[type[Hub[Any]], Hub[Any]]]" = WeakKeyDictionary()


class NoRoom(Exception):
    """The process serves as many sockets as it may."""


class Person(Protocol):
    """Whoever came; ``user_id`` is None for somebody who didn't say who they are."""

    @property
    def user_id(self) -> int | None: ...


class Client(Protocol):
    """One open socket, which ``close`` ends with a code; ``owner`` is whose sockets it is counted among."""

    visitor: Any
    owner: str

    def close(self, code: int) -> None: ...


C = TypeVar("C", bound=Client)


class Hub(Generic[C]):
    #: What its lines in the log call it.
    name: ClassVar[str] = "sockets"

    def limit_of(self, client: C) -> int:
        """How many sockets the client's owner may have in this hub."""
        raise NotImplementedError

    def __init__(self) -> None:
        self.clients: set[C] = set()
        self.reader = Reader()
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    def join(cls, client: C) -> Self:
        """Add a client to the hub of this event loop, which starts with its first client. Raises: NoRoom"""
        hubs = _hubs.setdefault(asyncio.get_running_loop(), {})
        hub = hubs.get(cls)
        if hub is not None and len(hub.clients) >= settings.STREAM_CONNECTIONS_MAX:
            raise NoRoom
        if hub is None:
            hub = hubs[cls] = cls()
            hub.start()
        assert isinstance(hub, cls)
        hub.clients.add(client)
        return hub

    def start(self) -> None:
        """Begin what runs in the background."""
        raise NotImplementedError

    def unwelcome(self, visitors: set[Any]) -> set[Any]:
        """Those whose socket has to close; reads the database, on a thread of its own."""
        raise NotImplementedError

    def gone(self, client: C) -> None:
        """A client has left; for what it had in the hub."""

    def count(self, client: C, owner: str) -> bool:
        """Count the client among the owner's, until it leaves; False when the owner has as many as may be."""
        if sum(other.owner == owner for other in self.clients) >= self.limit_of(client):
            return False
        client.owner = owner
        return True

    async def leave(self, client: C) -> None:
        """Forget a client; the last one switches off the light."""
        self.clients.discard(client)
        self.gone(client)
        hubs = _hubs.get(asyncio.get_running_loop(), {})
        if not self.clients and hubs.get(type(self)) is self:
            del hubs[type(self)]
            await self._stop()

    async def check_credentials(self) -> None:
        """Close the sockets of those who are unwelcome; while the database is away everybody stays."""
        visitors = {client.visitor for client in self.clients if client.visitor.user_id is not None}
        if visitors:
            try:
                gone = await self.reader.run(self.unwelcome, visitors)
            except DatabaseAway:
                return
            for client in [client for client in self.clients if client.visitor in gone]:
                client.close(CLOSE_SIGNED_OUT)

    async def hear(
        self, channel: str, *, begun: Callable[[], Awaitable[None]], heard: Callable[[bytes], Awaitable[None]]
    ) -> None:
        """Subscribe to a channel of Redis, say so, and pass on what comes, until it fails or this task is cancelled.

        Raises: redis.RedisError, OSError
        """
        client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=_HEAR_S, health_check_interval=_HEALTH_S
        )
        async with client, client.pubsub(ignore_subscribe_messages=True) as listener:
            await listener.subscribe(channel)
            await begun()
            while not is_cancelled():
                message = await listener.get_message(timeout=_HEAR_S)
                if message is not None:
                    await heard(message["data"])

    async def every(self, interval_s: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Work each ``interval_s``, for ever."""
        while True:
            await asyncio.sleep(interval_s)
            # A task of its own, so that a mistake in one round doesn't end all others.
            await asyncio.wait([self.background(work())])

    def background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run ``work`` as a task that ends with the hub."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def failed(self) -> None:
        """A task has failed, and the log knows; for those who can't go on without it."""

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logging.getLogger(type(self).__module__).error(
                "A task of the %s failed.", self.name, exc_info=task.exception()
            )
            self.failed()

    async def _stop(self) -> None:
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            # Again and again, because redis-py swallows a cancellation that comes while it connects.
            await asyncio.wait(self._tasks, timeout=0.1)
        await self.reader.shutdown()


def hubs_of_loop() -> list[Hub[Any]]:
    """Those that are alive in this event loop."""
    return list(_hubs.get(asyncio.get_running_loop(), {}).values())


async def dismiss_all() -> None:
    """Ask every client of this event loop to come back later, and wait until they know; for a shutdown."""
    hubs = hubs_of_loop()
    for hub in hubs:
        for client in list(hub.clients):
            client.close(CLOSE_RESTART)
    try:
        async with asyncio.timeout(DISMISSAL_S):
            while any(hub.clients for hub in hubs):
                await asyncio.sleep(0.02)
    except TimeoutError:
        return
