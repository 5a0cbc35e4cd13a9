"""Selectors called from an event loop, on threads of their own, away from those that answer requests.

Contract   ``run`` answers or raises ``DatabaseAway``; a broken connection is dropped, so that the next call
           opens a new one. ``shutdown`` closes every thread's connection.
Bound      THREADS connections a reader; a statement ends by the time limits of the role (settings).
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from django.db import DatabaseError, InterfaceError, connection, connections

THREADS: Final = 2
_SHUTDOWN_S: Final = 5.0

P = ParamSpec("P")
Result = TypeVar("Result")


class DatabaseAway(Exception):
    """PostgreSQL did not answer this time."""


class Reader:
    def __init__(self) -> None:
        self._is_over = False
        self._thread_ids: set[int] = set()
        self._pool = ThreadPoolExecutor(THREADS, "reader", lambda: self._thread_ids.add(threading.get_ident()))

    async def run(self, selector: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """Call ``selector`` on one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(
            self._pool, lambda: self._read(selector, *args, **kwargs)
        )

    def _read(self, selector: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        try:
            return _guarded(selector, *args, **kwargs)
        finally:
            # The thread may have closed its connection already, and this call opened another one.
            if self._is_over:
                connections.close_all()

    async def shutdown(self) -> None:
        await asyncio.get_running_loop().run_in_executor(None, self._close)

    def _close(self) -> None:
        self._is_over = True
        # The barrier holds each thread until all have one of these jobs, so that none does two.
        barrier = threading.Barrier(len(self._thread_ids) or 1)
        for _ in range(len(self._thread_ids)):
            self._pool.submit(_close_connections, barrier)
        self._pool.shutdown()


def _guarded(selector: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    try:
        return selector(*args, **kwargs)
    except (DatabaseError, InterfaceError) as problem:
        connection.close()
        raise DatabaseAway from problem


def _close_connections(barrier: threading.Barrier) -> None:
    connections.close_all()
    try:
        barrier.wait(_SHUTDOWN_S)
    except threading.BrokenBarrierError:
        return
