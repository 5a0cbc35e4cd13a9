"""From SIGTERM to the end of a web process, so that nobody who was let in is let down.

Contract   1. At once ``/ready`` answers 503, and each answer closes its connection.
           2. For DRAIN_GRACE_S everybody is still answered while balancers look elsewhere.
           3. No new connection is let in; whoever was on the way in still comes in.
           4. Sockets are closed with 1012, each with a moment of its own at which to come back.
           5. What was asked is answered, within DRAIN_FINISH_S; then the server ends.
           With a grace of 0 steps 2 and 3 fall away.
Bound      DRAIN_GRACE_S + SETTLE_S + DISMISSAL_S + DRAIN_FINISH_S.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

from common.draining import begin_draining
from common.sockets.hub import dismiss_all
from opinion_market.listeners import let_nobody_in

#: How long a connection may take from its first packet until the server has accepted it.
SETTLE_S: Final = 0.3
_LOOK_S: Final = 0.01


class Drain:
    def __init__(
        self, *, grace_s: float, finish_s: float, is_busy: Callable[[], bool], done: Callable[[], object]
    ) -> None:
        self._grace_s = grace_s
        self._finish_s = finish_s
        self._is_hurried = asyncio.Event()
        self._is_busy = is_busy
        self._done = done
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Call it in the event loop of the process; a second time changes nothing."""
        if self._task is None:
            begin_draining()
            self._task = asyncio.get_running_loop().create_task(self._run())

    def hurry(self) -> None:
        """Begin, or go on, without the rest of the grace."""
        self._is_hurried.set()
        self.begin()

    async def _run(self) -> None:
        try:
            if self._grace_s:
                await within(self._grace_s, self._is_hurried.wait())
                let_nobody_in()
                await asyncio.sleep(SETTLE_S)
            await dismiss_all()
            await within(self._finish_s, self._answered())
        finally:
            self._done()

    async def _answered(self) -> None:
        while self._is_busy():
            await asyncio.sleep(_LOOK_S)


async def within(seconds: float, work: Coroutine[Any, Any, object]) -> None:
    """Wait for ``work``, but no longer."""
    with suppress(TimeoutError):
        await asyncio.wait_for(work, seconds)
