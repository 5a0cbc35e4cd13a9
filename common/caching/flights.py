"""One computation for all who ask for the same at the same time, in this process.

Contract   The first to ask for a key computes, the others get its answer or its exception. When it is cancelled or
           killed, one of the others takes over. A caller that asks again for what it is computing itself computes
           once more instead of waiting for itself for ever.
"""

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import Future
from typing import Any, Final

from common.caching.doing import Doing
from common.caching.resets import after_fork


class _Abandoned:
    """The answer of a computation that ended without one."""


ABANDONED: Final = _Abandoned()


class Flight:
    """A computation under way."""

    __slots__ = ("future", "owner")

    def __init__(self) -> None:
        self.owner = _who()
        self.future: Future[Any] = Future()
        # From now on a waiter that gives up can't cancel it for the others.
        self.future.set_running_or_notify_cancel()


class Flights:
    def __init__(self) -> None:
        self._under_way: dict[Hashable, Flight] = {}
        self._lock = threading.Lock()
        after_fork(self._forget)

    async def shared(
        self, key: Hashable, doing: Doing, compute: Callable[[], Awaitable[Any]], *, wait_s: float
    ) -> tuple[Any, bool]:
        """The answer, and whether somebody else computed it. Raises what the computation raised."""
        while True:
            flight, is_mine = self._joined(key)
            if is_mine:
                return await self._led(key, flight, compute), False
            if flight.owner == _who() or not await doing.wait(flight.future, wait_s):
                return await compute(), False
            answer = flight.future.result()
            if answer is not ABANDONED:
                return answer, True

    def _joined(self, key: Hashable) -> tuple[Flight, bool]:
        with self._lock:
            flight = self._under_way.get(key)
            if flight is not None:
                return flight, False
            flight = self._under_way[key] = Flight()
            return flight, True

    async def _led(self, key: Hashable, flight: Flight, compute: Callable[[], Awaitable[Any]]) -> Any:
        answer: Any = ABANDONED
        try:
            answer = await compute()
            return answer
        finally:
            with self._lock:
                self._under_way.pop(key, None)
            error = sys.exception()
            if isinstance(error, Exception):
                flight.future.set_exception(error)
            else:
                flight.future.set_result(answer)

    def _forget(self) -> None:
        self._under_way, self._lock = {}, threading.Lock()


class Claims:
    """What is being renewed in the background, so that nobody else begins the same."""

    def __init__(self) -> None:
        self._claimed: set[Hashable] = set()
        self._lock = threading.Lock()
        after_fork(self._forget)

    def take(self, key: Hashable) -> bool:
        """Whether the key was free and is now the caller's."""
        with self._lock:
            is_free = key not in self._claimed
            self._claimed.add(key)
            return is_free

    def leave(self, key: Hashable) -> None:
        with self._lock:
            self._claimed.discard(key)

    def _forget(self) -> None:
        self._claimed, self._lock = set(), threading.Lock()


def _who() -> tuple[int, int]:
    """This thread, and the task that it runs."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        task = None
    return threading.get_ident(), id(task) if task else 0
