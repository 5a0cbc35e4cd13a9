"""Rows that may be written a moment later, many at once.

Contract   ``add`` takes a row and returns at once; rows are written when ``size`` of them wait, ``seconds`` after the
           first, and when the process ends. Safe for threads. A write that fails is tried again with the next ones.
Loss       At most ``rows_max`` rows wait; what comes then is lost, as is what the table refuses and, when a process
           is killed, what it had not written yet. All but the last is counted in ``buffered_rows_total``.
Use        For what is worth keeping but not worth a transaction each: measurements, slow requests, visits. Never for
           money or anything that a caller was promised.
"""

import atexit
import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar
from weakref import WeakSet

from django.db import DatabaseError, connections, models

from common.bulk import BulkOptions, Mode
from common.bulk_rows import insert_rows
from common.caching.resets import after_fork
from common.metrics.registry import registry

logger = logging.getLogger(__name__)
WAITING: Final = registry.gauge("buffered_rows_waiting", "Rows that wait to be written.", ("buffer",))
ROWS: Final = registry.counter("buffered_rows_total", "Rows of buffers by what became of them.", ("buffer", "outcome"))
END_S: Final = 5.0

Row = TypeVar("Row")
#: Writes rows and answers how many of them were refused for good. Raises DatabaseError when it is to be tried again.
Write = Callable[[Sequence[Row]], int]


class Buffered(Generic[Row]):
    _rows: list[Row]
    _lock: threading.Lock
    _writing: threading.Lock
    _wake: threading.Event
    _thread: threading.Thread | None

    def __init__(
        self, name: str, write: Write[Row], *, size: int = 500, seconds: float = 1.0, rows_max: int = 10_000
    ) -> None:
        assert 0 < size <= rows_max
        self._write = write
        self._size, self._seconds, self._rows_max = size, seconds, rows_max
        self._waiting = WAITING.of(name)
        self._written, self._lost = ROWS.of(name, "written"), ROWS.of(name, "lost")
        self._name = name
        self._is_closed = False
        self._begin()
        after_fork(self._begin)
        _buffers.add(self)

    def add(self, row: Row) -> bool:
        """Whether the row was taken."""
        with self._lock:
            if len(self._rows) >= self._rows_max:
                self._lost.add()
                return False
            self._rows.append(row)
            count = len(self._rows)
            self._waiting.set(count)
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(target=self._run, name=f"buffer-{self._name}", daemon=True)
                self._thread.start()
        if count == 1 or count == self._size:
            self._wake.set()
        return True

    def flush(self) -> int:
        """Write what waits now; how many rows were written. A failed write leaves its rows waiting."""
        written = 0
        with self._writing:
            while rows := self._rows[: self._size]:
                try:
                    refused = self._write(rows)
                except DatabaseError as error:
                    logger.warning("%s rows of %s wait for the next try", len(self._rows), self._name, exc_info=error)
                    break
                with self._lock:
                    del self._rows[: len(rows)]
                    self._waiting.set(len(self._rows))
                self._written.add(len(rows) - refused)
                self._lost.add(refused)
                written += len(rows) - refused
        return written

    def close(self) -> None:
        """Write the rest and stop; what can't be written is lost."""
        if self._is_closed:
            return
        self._is_closed = True
        self._wake.set()
        thread = self._thread
        if thread is not None:
            thread.join(END_S)
        self.flush()
        with self._lock:
            self._lost.add(len(self._rows))
            self._rows.clear()
            self._waiting.set(0)

    def _run(self) -> None:
        while not self._is_closed:
            self._wake.wait()
            self._wake.clear()
            if len(self._rows) < self._size and not self._is_closed:
                # More may come; a full buffer, or the end, wakes us earlier.
                self._wake.wait(self._seconds)
                self._wake.clear()
            self.flush()
            if self._rows and not self._is_closed:
                self._wake.wait(self._seconds)
                self._wake.set()
        connections.close_all()

    def _begin(self) -> None:
        """Empty; in a forked child, whose parent has the rows."""
        self._rows = []
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._wake = threading.Event()
        self._thread = None


def buffered_inserts(name: str, model: type[models.Model], **options: Any) -> "Buffered[Any]":
    """A buffer whose rows are instances of ``model``; one that the table refuses doesn't hold up the others."""

    def write(rows: Sequence[Any]) -> int:
        report = insert_rows(model, rows, BulkOptions(Mode.GOOD, failures_max=len(rows)))
        for failure in report.failures[:3]:
            logger.warning("a row of %s is refused: %s %s", name, failure.code, failure.detail)
        return len(report.failures)

    return Buffered(name, write, **options)


@atexit.register
def close_buffers() -> None:
    """Write what waits in all buffers; for ends of processes that Python doesn't notice, too."""
    for buffer in list(_buffers):
        buffer.close()


_buffers: "WeakSet[Buffered[Any]]" = WeakSet()
