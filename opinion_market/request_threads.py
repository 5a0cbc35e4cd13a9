"""Threads that answer requests, each with its database connection.

Contract   ``run`` is called in the event loop and returns a future of that loop; what the function raises is raised
           there. ``close`` waits until every request that was handed over is answered, closes the threads' database
           connections and ends them.
Bound      At most ``count`` threads, each started when all others have work.
Why        An executor of the standard library makes two futures, a condition and two locks for each request, and wakes
           the loop for each answer. Here answers that are ready together wake it once, as those of a batch of orders
           are: a twelfth of what an order over HTTP cost a web process.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from django.db import connections

from common.shared_thread import SharedThread

_Future = asyncio.Future[Any]


class RequestThreads:
    def __init__(self, count: int) -> None:
        self.count = count
        self.is_closed = False
        self._threads: list[threading.Thread] = []
        self._work: SimpleQueue[tuple[_Future, Callable[..., Any], tuple[Any, ...]] | None] = SimpleQueue()
        self._answers: deque[tuple[_Future, Any, BaseException | None, int]] = deque()
        # Requests that have a thread of their own, or wait for one; only the loop counts them.
        self._busy = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_loop_called = False
        self._shared = SharedThread("shared", answered=self._keep, end_of_round=self._tell_loop)

    def run(self, function: Callable[..., Any], *arguments: Any) -> _Future:
        """Call ``function`` in a thread. Raises RuntimeError when this is closed."""
        future = self._promise()
        if len(self._threads) < min(self._busy + 1, self.count):
            self._begin()
        self._busy += 1
        self._work.put((future, function, arguments))
        return future

    def run_shared(self, function: Callable[..., Any], *arguments: Any) -> _Future:
        """The same in the thread that is shared by calls which mostly wait for each other."""
        future = self._promise()
        self._shared.begin(future, function, arguments)
        return future

    def _promise(self) -> _Future:
        if self.is_closed:
            raise RuntimeError("these threads have ended")
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            # One that ended may have been called and never have looked.
            self._loop, self._is_loop_called = loop, False
        return loop.create_future()

    def close(self) -> None:
        """From any thread but its own."""
        self.is_closed = True
        for _ in self._threads:
            # Behind all that waits.
            self._work.put(None)
        for thread in self._threads:
            thread.join()
        self._shared.close()

    def _begin(self) -> None:
        thread = threading.Thread(target=self._live, name=f"http_{len(self._threads)}", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # The system has no thread to spare; those that there are answer in turn.
            if not self._threads:
                raise
        else:
            self._threads.append(thread)

    def _live(self) -> None:
        while (work := self._work.get()) is not None:
            self._do(*work)
            # Nothing of a request is kept until the next.
            del work
        connections.close_all()

    def _do(self, future: _Future, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        try:
            answer = None if future.cancelled() else function(*arguments)
        except BaseException as error:
            # Not swallowed: it is raised again where the answer is waited for.
            self._put_down(future, None, error)
        else:
            self._put_down(future, answer, None)

    def _put_down(self, future: _Future, answer: Any, error: BaseException | None) -> None:
        self._answers.append((future, answer, error, 1))
        self._tell_loop()

    def _keep(self, future: _Future, answer: Any, error: BaseException | None) -> None:
        self._answers.append((future, answer, error, 0))

    def _tell_loop(self) -> None:
        # Whoever finds the loop called already has put the answer down before the loop looks.
        if self._answers and not self._is_loop_called:
            self._is_loop_called = True
            self._call(self._loop)

    def _call(self, loop: asyncio.AbstractEventLoop | None) -> None:
        assert loop is not None
        try:
            loop.call_soon_threadsafe(self._hand_over)
        except RuntimeError:
            # It has ended, and nobody waits in it; but another one may have begun meanwhile.
            if self._loop is loop:
                self._is_loop_called = False
            else:
                self._call(self._loop)

    def _hand_over(self) -> None:
        """In the loop: wake those whose answers are ready."""
        self._is_loop_called = False
        while self._answers:
            future, answer, error, threads = self._answers.popleft()
            self._busy -= threads
            if future.done() or future.get_loop().is_closed():
                continue
            if error is None:
                future.set_result(answer)
            else:
                future.set_exception(error)
