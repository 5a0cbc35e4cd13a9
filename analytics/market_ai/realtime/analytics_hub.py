"""The analytics sockets of one process: one reading each EVERY_S, handed to all.

Contract   One hub an event loop, alive while it has clients. Every client gets the frame of a reading; one that is too
           slow misses frames, never gets old ones. While PostgreSQL is away nothing is sent.
Bound      One reading and one rendering each EVERY_S, one waiting frame a client, ACCOUNT_SOCKETS_MAX sockets of one
           account in each process.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.conf import settings

from accounts.selectors.admission import admit, dead_visitors, without_permission
from accounts.types import Visitor
from analytics.market_ai.realtime.frames import current_frame
from common.reading import DatabaseAway, Reader
from common.sockets import CLOSE_RESTART, CLOSE_SIGNED_OUT, DROPPED

PERMISSION: Final = "monitoring.view_measurement"
EVERY_S: Final = 2.0
CREDENTIALS_S: Final = 3.0
DISMISSAL_S: Final = 3.0
ACCOUNT_SOCKETS_MAX: Final = 50

logger = logging.getLogger(__name__)
_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, AnalyticsHub]" = WeakKeyDictionary()


class NoRoom(Exception):
    """The process serves as many sockets as it may."""


class Client:
    """One socket, which ``close`` ends with a code: at most the newest frame waits for it."""

    def __init__(self, close: Callable[[int], None]) -> None:
        self.visitor = Visitor()
        self.owner = ""
        self.close = close
        self._frame: str | None = None
        self._has_frame = asyncio.Event()

    def put(self, frame: str) -> None:
        if self._frame is not None:
            DROPPED.add()
        self._frame = frame
        self._has_frame.set()

    async def write(self, send: Callable[[str], Awaitable[None]]) -> None:
        """Send what waits, for ever."""
        while True:
            await self._has_frame.wait()
            self._has_frame.clear()
            frame, self._frame = self._frame, None
            if frame is not None:
                await send(frame)


def join(client: Client) -> "AnalyticsHub":
    """Add a client to the hub of this event loop, which starts with its first client.

    Raises: NoRoom
    """
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is not None and len(hub.clients) >= settings.STREAM_CONNECTIONS_MAX:
        raise NoRoom
    if hub is None:
        hub = _hubs[loop] = AnalyticsHub()
        hub.start()
    hub.clients.add(client)
    return hub


async def dismiss_all() -> None:
    """Ask every client of this event loop to come back later, and wait until they know; for a shutdown."""
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
    """The visitor behind a handshake who may watch the site, or None to refuse."""
    visitor = admit(headers)
    if visitor is None or visitor.user_id is None or without_permission([visitor], PERMISSION):
        return None
    return visitor


def unwelcome(visitors: set[Visitor]) -> set[Visitor]:
    """Those whose key, session, account or permission is gone."""
    return dead_visitors(visitors) | without_permission(visitors, PERMISSION)


class AnalyticsHub:
    def __init__(self) -> None:
        self.clients: set[Client] = set()
        self.reader = Reader()
        self._newest: str | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._start(self._each(EVERY_S, self._give))
        self._start(self._each(CREDENTIALS_S, self._check_credentials))

    def count(self, client: Client, owner: str) -> bool:
        """Count the client among the owner's, until it leaves; False when the owner has as many as may be."""
        if sum(other.owner == owner for other in self.clients) >= ACCOUNT_SOCKETS_MAX:
            return False
        client.owner = owner
        return True

    def greet(self, client: Client) -> None:
        """The first frame of an open socket, if there is one already."""
        if self._newest is not None:
            client.put(self._newest)

    async def leave(self, client: Client) -> None:
        """Forget a client; the last one switches off the light."""
        self.clients.discard(client)
        loop = asyncio.get_running_loop()
        if not self.clients and _hubs.get(loop) is self:
            del _hubs[loop]
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)
            await self.reader.shutdown()

    async def _give(self) -> None:
        self._newest = await self.reader.run(current_frame)
        for client in self.clients:
            client.put(self._newest)

    async def _check_credentials(self) -> None:
        visitors = {client.visitor for client in self.clients if client.visitor.user_id is not None}
        gone = await self.reader.run(unwelcome, visitors) if visitors else set()
        for client in [client for client in self.clients if client.visitor in gone]:
            client.close(CLOSE_SIGNED_OUT)

    async def _each(self, interval_s: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Work at once and then each ``interval_s``; a round without PostgreSQL is left out."""
        while True:
            try:
                await work()
            except DatabaseAway:
                logger.info("The analytics sockets wait for PostgreSQL.")
            await asyncio.sleep(interval_s)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("The producer of the analytics sockets failed.", exc_info=task.exception())
            # Its clients would wait for ever; they come back to a new one.
            for client in list(self.clients):
                client.close(CLOSE_RESTART)
