"""Threads beside a shared one, for what would hold it up.

Contract   A task is carried out in one of them; ``done`` is called there when it is over, and ``result`` then returns
           or raises what it did. ``close`` ends the threads when all tasks are over.
Bound      At most ``count_max`` threads, each started when all others have work; each keeps its database connection.
           Where the system has no thread to spare those that there are do the work, or the shared thread itself.
"""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import structlog
from django.db import close_old_connections, connections

_log = structlog.get_logger(__name__)


class Task:
    __slots__ = ("_arguments", "_done", "_error", "_function", "_result")

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...], done: Callable[[], None]) -> None:
        self._function, self._arguments, self._done = function, arguments, done
        self._result: Any = None
        self._error: BaseException | None = None

    def carry_out(self) -> None:
        try:
            # As Django does when a request begins: a connection that broke isn't used again.
            close_old_connections()
            self._result = self._function(*self._arguments)
        except BaseException as error:
            # Not swallowed: ``result`` raises it where it is waited for.
            self._error = error
        finally:
            self._done()

    def result(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._result


class ThreadsApart:
    """``begin`` and ``end`` are called by the shared thread only."""

    def __init__(self, name: str, *, count_max: int) -> None:
        self._name = name
        self._count_max = count_max
        self._under_way = 0
        self._threads: list[threading.Thread] = []
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()

    @property
    def is_busy(self) -> bool:
        return self._under_way > 0

    def begin(self, task: Task) -> None:
        self._under_way += 1
        if len(self._threads) < min(self._under_way, self._count_max):
            self._start()
        if self._threads:
            self._tasks.put(task)
        else:
            task.carry_out()

    def _start(self) -> None:
        thread = threading.Thread(target=self._live, name=f"{self._name}_{len(self._threads)}", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            _log.warning("no thread could be started", error=str(error), threads=len(self._threads))
        else:
            self._threads.append(thread)

    def end(self) -> None:
        """Somebody has heard that a task is over."""
        self._under_way -= 1

    def close(self) -> None:
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _live(self) -> None:
        while (task := self._tasks.get()) is not None:
            task.carry_out()
            # Nothing of it is kept until the next.
            del task
        connections.close_all()
