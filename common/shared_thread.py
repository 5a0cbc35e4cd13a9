"""Calls that share one thread, and step aside while they wait.

Contract   A call of a ``SharedThread`` that waits in one of its gates, or for ``call_apart``, lets the next one begin.
           What is woken goes on before anything new begins. ``answered`` is called in the shared thread with each
           answer or error, ``end_of_round`` when all that could go on has done so.
           What is called apart begins when nothing new comes for a moment, so that it is for as many as possible.
           While it goes on nothing new begins for ``PATIENCE_S``, which would take the interpreter away from it.
           A round that fails, which is a mistake of ours, is logged; the thread lives on.
Invariant  Outside of a shared thread a gate is a plain lock, and ``call_apart`` a plain call.
Bound      At most ``APART_MAX`` threads beside the shared one.
Why        A call that waits in a thread of its own costs switches of threads, each of which waits for the interpreter.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import Any, Final, Protocol

import structlog
from django.db import close_old_connections, connections
from greenlet import getcurrent, greenlet

from common.apart import Task, ThreadsApart

#: In the WSGI environment of a request that shares its thread.
SHARES_THREAD: Final = "opinion_market.shares_thread"
APART_MAX: Final = 8
#: Database connections that a shared thread and those beside it keep.
CONNECTIONS_MAX: Final = 1 + APART_MAX
PATIENCE_S: Final = 0.02
#: So many begin before those that have gathered are carried out.
ROUND_MAX: Final = 64
#: A round with so many calls is worth gathering for; then others get the interpreter, so many times, for so long.
GATHER_CALLS: Final = 4
GATHER_TIMES: Final = 8
GATHER_S: Final = 0.0002

_log = structlog.get_logger(__name__)

Call = Callable[..., Any]
#: What was asked for, then its result or its error.
Answered = Callable[[Any, Any, BaseException | None], None]


class Gate(Protocol):
    """Closed when it is made; somebody else opens it, once for each time that it is waited in."""

    def acquire(self) -> Any: ...
    def release(self) -> Any: ...


class _Sharer(greenlet):
    """One call; ``home`` is the thread that it shares."""

    home: "SharedThread"


class _SharedGate:
    __slots__ = ("_sharer",)

    def __init__(self, sharer: _Sharer) -> None:
        self._sharer = sharer

    def acquire(self) -> None:
        self._sharer.home.step_aside()

    def release(self) -> None:
        self._sharer.home.wake(self._sharer)


def closed_gate() -> Gate:
    """To be waited in by the present call only."""
    current = getcurrent()
    if isinstance(current, _Sharer):
        return _SharedGate(current)
    gate = threading.Lock()
    gate.acquire()
    return gate


def call_apart(function: Call, *arguments: Any) -> Any:
    """What ``function`` returns or raises, without keeping calls that share this thread from going on."""
    current = getcurrent()
    if isinstance(current, _Sharer):
        return current.home.call_apart(current, function, arguments)
    return function(*arguments)


class SharedThread:
    """``begin`` is for one thread, ``wake`` for all, ``close`` for any but this one."""

    def __init__(self, name: str, *, answered: Answered, end_of_round: Callable[[], None]) -> None:
        self._name = name
        self._answered = answered
        self._end_of_round = end_of_round
        self._arrived: deque[tuple[Any, Call, tuple[Any, ...]]] = deque()
        self._woken: deque[_Sharer] = deque()
        #: To be begun apart at the end of the round.
        self._tasks: list[Task] = []
        self._apart = ThreadsApart(name, count_max=APART_MAX)
        self._patient_until = 0.0
        #: Rung when the thread rests and there is something that it rests for.
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._is_resting = self._is_patient = self._was_busy = self._is_closed = False
        self._under_way = 0
        self._thread: threading.Thread | None = None

    def begin(self, key: Any, function: Call, arguments: tuple[Any, ...]) -> None:
        """Call ``function`` in turn, and then ``answered`` with ``key``."""
        if self._thread is None:
            thread = threading.Thread(target=self._live, name=self._name, daemon=True)
            thread.start()
            self._thread = thread
        self._arrived.append((key, function, arguments))
        if self._is_resting and not self._is_patient:
            self._ring()

    def close(self) -> None:
        """When all is answered, close the threads' database connections and end them."""
        self._is_closed = True
        self._bell.put(None)
        if self._thread is not None:
            self._thread.join()
        self._apart.close()

    def wake(self, sharer: _Sharer) -> None:
        """Let a call go on, also one that hasn't stepped aside yet."""
        self._woken.append(sharer)
        if self._is_resting:
            self._ring()

    def step_aside(self) -> None:
        """In a call: let the others go on until it is woken."""
        getcurrent().parent.switch()

    def call_apart(self, sharer: _Sharer, function: Call, arguments: tuple[Any, ...]) -> Any:
        task = Task(copy_context().run, (function, *arguments), lambda: self.wake(sharer))
        self._tasks.append(task)
        self.step_aside()
        self._apart.end()
        return task.result()

    def _ring(self) -> None:
        self._is_resting = False
        self._bell.put(None)

    def _live(self) -> None:
        while not (self._is_closed and not self._arrived and not self._under_way):
            self._rest()
            try:
                self._go_round()
            except Exception:
                _log.exception("a round of calls failed")
        connections.close_all()

    def _rest(self) -> None:
        """Until there is something to do."""
        left = self._patient_until - time.perf_counter() if self._apart.is_busy else 0
        self._is_patient = left > 0
        # Whoever adds something looks at this afterwards, so either they ring or it is seen here.
        self._is_resting = True
        is_over = self._is_closed and not self._under_way
        if not (self._woken or self._tasks or is_over or (self._arrived and not self._is_patient)):
            try:
                self._bell.get(timeout=left if self._is_patient else None)
            except Empty:
                self._is_patient = False
        self._is_resting = False

    def _go_round(self) -> None:
        # As Django does when a request begins and ends: a connection that broke isn't used again.
        close_old_connections()
        calls = len(self._woken)
        while self._woken:
            self._woken.popleft().switch()
        self._end_of_round()
        if not (self._is_patient and self._apart.is_busy):
            calls += self._gather(calls)
            self._was_busy = calls >= GATHER_CALLS
        if self._tasks:
            self._begin_tasks()
        self._end_of_round()

    def _gather(self, calls: int) -> int:
        """Begin what has arrived, and while others do come what arrives; how many they were."""
        begun = self._begin_arrived(ROUND_MAX)
        if not self._was_busy and calls + begun < GATHER_CALLS:
            return begun
        for _ in range(GATHER_TIMES):
            time.sleep(GATHER_S)
            if not self._arrived:
                break
            begun += self._begin_arrived(ROUND_MAX - begun)
        return begun

    def _begin_arrived(self, count_max: int) -> int:
        count = min(len(self._arrived), count_max)
        for _ in range(count):
            sharer = _Sharer(self._carry_out)
            sharer.home = self
            self._under_way += 1
            sharer.switch(*self._arrived.popleft())
        return count

    def _begin_tasks(self) -> None:
        if not self._apart.is_busy:
            self._patient_until = time.perf_counter() + PATIENCE_S
        # One by one, so that none is ever begun twice.
        while self._tasks:
            self._apart.begin(self._tasks.pop(0))

    def _carry_out(self, key: Any, function: Call, arguments: tuple[Any, ...]) -> None:
        try:
            result = function(*arguments)
        except BaseException as error:
            # Not swallowed: it is raised again where the answer is waited for.
            self._answered(key, None, error)
        else:
            self._answered(key, result, None)
        finally:
            self._under_way -= 1
