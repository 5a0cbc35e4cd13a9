"""The analytics sockets of one process: one reading each EVERY_S, handed to all.

Contract   One hub an event loop, alive while it has clients. Every client gets the frame of a reading; one that is too
           slow misses frames, never gets old ones. While PostgreSQL is away nothing is sent.
Bound      One reading and one rendering each EVERY_S, one waiting frame a client, ACCOUNT_SOCKETS_MAX sockets of one
           account in each process.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from accounts.selectors.admission import admit_holder, unwelcome_holders
from accounts.types import Visitor
from analytics.market_ai.realtime.frames import current_frame
from common.reading import DatabaseAway
from common.sockets.consumer import CLOSE_RESTART
from common.sockets.hub import Hub
from common.sockets.newest import NewestClient

PERMISSION: Final = "monitoring.view_measurement"
EVERY_S: Final = 2.0
CREDENTIALS_S: Final = 3.0
ACCOUNT_SOCKETS_MAX: Final = 50

logger = logging.getLogger(__name__)


def admitted(headers: Mapping[str, str]) -> Visitor | None:
    """The visitor behind a handshake who may watch the site, or None to refuse."""
    return admit_holder(headers, PERMISSION)


class AnalyticsHub(Hub[NewestClient]):
    name = "analytics sockets"

    def __init__(self) -> None:
        super().__init__()
        self._newest: str | None = None

    def start(self) -> None:
        self.background(self._each(EVERY_S, self._give))
        self.background(self._each(CREDENTIALS_S, self.check_credentials))

    def limit_of(self, client: NewestClient) -> int:
        return ACCOUNT_SOCKETS_MAX

    def unwelcome(self, visitors: set[Visitor]) -> set[Visitor]:
        return unwelcome_holders(visitors, PERMISSION)

    def greet(self, client: NewestClient) -> None:
        """The first frame of an open socket, if there is one already."""
        if self._newest is not None:
            client.put(self._newest)

    def failed(self) -> None:
        # Its clients would wait for ever; they come back to a new one.
        for client in list(self.clients):
            client.close(CLOSE_RESTART)

    async def _give(self) -> None:
        self._newest = await self.reader.run(current_frame)
        for client in self.clients:
            client.put(self._newest)

    async def _each(self, interval_s: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Work at once and then each ``interval_s``; a round without PostgreSQL is left out."""
        while True:
            try:
                await work()
            except DatabaseAway:
                logger.info("The analytics sockets wait for PostgreSQL.")
            await asyncio.sleep(interval_s)
