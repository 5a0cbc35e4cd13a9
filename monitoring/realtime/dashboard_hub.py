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
from collections.abc import Mapping
from typing import Final

import redis

from accounts.selectors.admission import admit_holder, unwelcome_holders
from accounts.types import Visitor
from common.metrics.registry import registry
from common.sockets import hub as sockets
from common.sockets.consumer import is_cancelled
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
#: Dashboards at once of one account in each process.
ACCOUNT_SOCKETS_MAX: Final = 50

_DELAY: Final = registry.sketch(
    "dashboard_frame_delay_seconds", "From the end of a second to its frame in every dashboard's mailbox."
).of()
logger = logging.getLogger(__name__)


def admitted(headers: Mapping[str, str]) -> Visitor | None:
    """The visitor behind a handshake who may watch the site, or None to refuse."""
    return admit_holder(headers, PERMISSION)


class Hub(sockets.Hub[Mailbox]):
    name = "dashboards"

    def __init__(self) -> None:
        super().__init__()
        self.seconds = Seconds()
        self.seq: int | None = None
        self.is_live = True
        self._newest: str | None = None
        self._given_at = time.time()
        self._retry_s = RETRY_FIRST_S
        self._is_listening = False

    def start(self) -> None:
        self.background(self._listen())
        self.background(self._give_each_second())
        self.background(self.every(CREDENTIALS_S, self.check_credentials))

    def limit_of(self, client: Mailbox) -> int:
        return ACCOUNT_SOCKETS_MAX

    def unwelcome(self, visitors: set[Visitor]) -> set[Visitor]:
        return unwelcome_holders(visitors, PERMISSION)

    def greet(self, client: Mailbox) -> None:
        """The first frames of an open socket."""
        client.answer(live_frames.hello(self.seq))
        if not self.is_live:
            client.answer(live_frames.notice("paused"))
        elif self._newest is not None:
            client.put(self._newest)

    async def _listen(self) -> None:
        """Hear the processes through Redis, for ever."""
        while not is_cancelled():
            try:
                await self.hear(CHANNEL, begun=self._begun, heard=self._heard)
            except (redis.RedisError, OSError):
                self._is_listening = False
                self._say_live(False)
                await asyncio.sleep(self._retry_s)
                self._retry_s = min(self._retry_s * 2, RETRY_MAX_S)

    async def _begun(self) -> None:
        self._retry_s, self._is_listening = RETRY_FIRST_S, True

    async def _heard(self, message: bytes) -> None:
        self.take(message)

    def take(self, message: bytes) -> None:
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

    def _say_live(self, is_live: bool) -> None:
        if is_live != self.is_live:
            self.is_live = is_live
            for client in self.clients:
                client.answer(live_frames.notice("live" if is_live else "paused"))
