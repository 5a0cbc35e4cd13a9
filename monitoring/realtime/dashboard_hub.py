"""The dashboards of one process: hears every process once, merges each second, hands it to all.

Contract   One hub an event loop, alive while it has clients. ``seq`` is the second (epoch): the frame after it is
           ``seq + every_s`` (1 unless that was tuned), so that each client sees for itself what it missed, across
           reconnections and processes too.
           Without Redis, or when nobody measures, clients get a notice and wait; nothing is made up.
Bound      One Redis subscription, one rendering a second and one frame a client, however many clients.
Why        No Channels group: groups drop messages silently when full and forget members after a day.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings

from accounts.selectors.admission import admit, dead_visitors, without_permission
from accounts.types import Visitor
from common.metrics.registry import registry
from common.reading import DatabaseAway, Reader
from common.sockets import CLOSE_RESTART, CLOSE_SIGNED_OUT, is_cancelled
from common.tuning.reading import tuned
from monitoring.engine.frame_text import MALFORMED, frame_of
from monitoring.realtime import live_frames
from monitoring.realtime.mailbox import Mailbox
from monitoring.realtime.seconds import Seconds
from monitoring.selectors.thresholds import current_thresholds
from monitoring.types import CHANNEL

PERMISSION: Final = "monitoring.view_measurement"
#: A second is merged this long after it ended, or as soon as all have told, but not later than DEADLINE_S.
GRACE_S: Final = 0.1
DEADLINE_S: Final = 0.6
STEP_S: Final = 0.05
#: Nothing to show for this long is worth a notice.
SILENCE_S: Final = 4
CREDENTIALS_S: Final = 3.0
RETRY_FIRST_S: Final = 0.5
RETRY_MAX_S: Final = 5.0
DISMISSAL_S: Final = 3.0
#: Dashboards at once of one account in each process.
ACCOUNT_SOCKETS_MAX: Final = 50

_DELAY: Final = registry.sketch(
    "dashboard_frame_delay_seconds", "From the end of a second to its frame in every dashboard's mailbox."
).of()
logger = logging.getLogger(__name__)
_hubs: "WeakKeyDictionary[asyncio.AbstractEventLoop, Hub]" = WeakKeyDictionary()


class NoRoom(Exception):
    """The process serves as many dashboards as it may."""


def join(client: Mailbox) -> "Hub":
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


class Hub:
    def __init__(self) -> None:
        self.clients: set[Mailbox] = set()
        self.reader = Reader()
        self.seconds = Seconds()
        self.seq: int | None = None
        self.is_live = True
        self._newest: str | None = None
        self._given_at = time.time()
        self._retry_s = RETRY_FIRST_S
        self._is_listening = False
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._start(self._listen())
        self._start(self._give_each_second())
        self._start(self._every(CREDENTIALS_S, self._check_credentials))

    def count(self, client: Mailbox, owner: str) -> bool:
        """Count the client among the owner's, until it leaves; False when the owner has as many as may be."""
        if sum(other.owner == owner for other in self.clients) >= ACCOUNT_SOCKETS_MAX:
            return False
        client.owner = owner
        return True

    def greet(self, client: Mailbox) -> None:
        """The first frames of an open socket."""
        client.answer(live_frames.hello(self.seq))
        if not self.is_live:
            client.answer(live_frames.notice("paused"))
        elif self._newest is not None:
            client.put(self._newest)

    async def leave(self, client: Mailbox) -> None:
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
        """Hear the processes through Redis, for ever."""
        while not is_cancelled():
            try:
                await self._hear()
            except (redis.RedisError, OSError):
                self._is_listening = False
                self._say_live(False)
                await asyncio.sleep(self._retry_s)
                self._retry_s = min(self._retry_s * 2, RETRY_MAX_S)

    async def _hear(self) -> None:
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1.0, health_check_interval=5)
        async with client, client.pubsub(ignore_subscribe_messages=True) as listener:
            await listener.subscribe(CHANNEL)
            self._retry_s, self._is_listening = RETRY_FIRST_S, True
            while not is_cancelled():
                message = await listener.get_message(timeout=1.0)
                if message is not None:
                    self.hear(message["data"])

    def hear(self, message: bytes) -> None:
        """Take one process's frame."""
        try:
            self.seconds.hear(frame_of(message))
        except MALFORMED:
            logger.warning("A message on %s is no frame.", CHANNEL)

    async def _give_each_second(self) -> None:
        second = int(time.time())
        while True:
            # After a stall the seconds in between are left out, which the clients see in seq.
            second = max(second + 1, int(time.time()))
            await asyncio.sleep(second + GRACE_S - time.time())
            while not self.seconds.is_whole(second) and time.time() < second + DEADLINE_S:
                await asyncio.sleep(STEP_S)
            try:
                self.give(second)
            except MALFORMED:
                # A process of another version may tell what this one can't work out; the next second may do.
                logger.exception("The measurements of second %s can't be worked out.", second)

    def give(self, second: int) -> None:
        """Hand the frame of a second to every client, if anybody told of it."""
        frames = self.seconds.take(second)
        if not frames:
            if time.time() - self._given_at >= SILENCE_S:
                self._say_live(False)
            return
        every_s = max(1, round(tuned("dashboard_interval_s", 1.0)))
        if second % every_s and self.seq is not None and second - self.seq < every_s:
            self._given_at = time.time()
            return
        self._newest = live_frames.metrics(second, frames, current_thresholds(), every_s=every_s)
        self.seq = second
        # What was heard right before Redis went away is given, but promises nothing.
        self._say_live(self._is_listening)
        for client in self.clients:
            client.put(self._newest)
        self._given_at = time.time()
        _DELAY.record(max(self._given_at - second, 0.0))

    async def _check_credentials(self) -> None:
        visitors = {client.visitor for client in self.clients if client.visitor.user_id is not None}
        if visitors:
            try:
                gone = await self.reader.run(unwelcome, visitors)
            except DatabaseAway:
                return
            for client in [client for client in self.clients if client.visitor in gone]:
                client.close(CLOSE_SIGNED_OUT)

    def _say_live(self, is_live: bool) -> None:
        if is_live != self.is_live:
            self.is_live = is_live
            for client in self.clients:
                client.answer(live_frames.notice("live" if is_live else "paused"))

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
            logger.error("A task of the dashboards failed.", exc_info=task.exception())
