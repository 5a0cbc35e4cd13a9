"""How waiting, computing and talking to Redis are done: in a thread, or on an event loop.

Why        The rules of a cache are written once, as coroutines. In a thread every step is done at once, so that the
           coroutine never stops in between and ``finished`` runs it like a function.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, Final, Protocol, TypeVar

from django.db import connections

from common.caching import clients
from common.caching.resets import after_fork

logger = logging.getLogger(__name__)
T = TypeVar("T")
Renewal = Callable[["Doing"], Coroutine[Any, Any, None]]
#: Renewals that wait; beyond them the old answers are served until they end.
BACKLOG_MAX: Final = 100
THREADS: Final = 2


class Doing(Protocol):
    async def compute(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any: ...

    async def wait(self, future: "Future[Any]", seconds: float) -> bool:
        """Whether ``future`` is done by then."""
        ...

    async def sleep(self, seconds: float) -> None: ...

    async def redis(self, *command: Any) -> Any:
        """Raises StoreAwayError."""
        ...

    def renew(self, renewal: Renewal) -> bool:
        """Have it done in the background, unless too many wait already; its failure is logged."""
        ...


def finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine that never waits for an event loop answers."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        answer: T = done.value
        return answer
    coroutine.close()
    raise RuntimeError("a step of the cache waited for an event loop")


class InThread:
    async def compute(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return function(*args, **kwargs)

    async def wait(self, future: "Future[Any]", seconds: float) -> bool:
        # An event instead of result(), whose time-out can't be told from one that the computation raised.
        is_done = threading.Event()
        future.add_done_callback(lambda _: is_done.set())
        return is_done.wait(seconds)

    async def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    async def redis(self, *command: Any) -> Any:
        return clients.ask(*command)

    def renew(self, renewal: Renewal) -> bool:
        return _renewals.submit(renewal)


class OnLoop:
    async def compute(self, function: Callable[..., Awaitable[Any]], args: Any, kwargs: Any) -> Any:
        return await function(*args, **kwargs)

    async def wait(self, future: "Future[Any]", seconds: float) -> bool:
        loop, is_done = asyncio.get_running_loop(), asyncio.Event()
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(is_done.set))
        try:
            async with asyncio.timeout(seconds):
                await is_done.wait()
        except TimeoutError:
            return future.done()
        return True

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def redis(self, *command: Any) -> Any:
        return await clients.ask_async(*command)

    def renew(self, renewal: Renewal) -> bool:
        task = asyncio.ensure_future(renewal(self))
        # The loop itself keeps no more than a weak reference.
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)
        task.add_done_callback(_log_failure)
        return True


class Renewals:
    """A few threads that are made when they are first needed."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._places = threading.BoundedSemaphore(BACKLOG_MAX)
        self._lock = threading.Lock()
        after_fork(self._forget)

    def submit(self, renewal: Renewal) -> bool:
        if not self._places.acquire(blocking=False):
            return False
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(THREADS, "cache-renewal")
            work = self._pool.submit(copy_context().run, _in_background, renewal)
        work.add_done_callback(_log_failure)
        work.add_done_callback(lambda _: self._places.release())
        return True

    def _forget(self) -> None:
        self._pool, self._lock = None, threading.Lock()
        self._places = threading.BoundedSemaphore(BACKLOG_MAX)


def _in_background(renewal: Renewal) -> None:
    try:
        finished(renewal(IN_THREAD))
    finally:
        connections.close_all()


def _log_failure(work: "Future[None] | asyncio.Future[None]") -> None:
    error = None if work.cancelled() else work.exception()
    if error is not None:
        logger.error("an answer could not be renewed", exc_info=error)


_tasks: set["asyncio.Future[None]"] = set()
_renewals: Final = Renewals()
IN_THREAD: Final = InThread()
ON_LOOP: Final = OnLoop()
