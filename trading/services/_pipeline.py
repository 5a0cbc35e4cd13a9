"""Prepared statements on Django's connection, sent without waiting: libpq's pipeline mode, used directly.

Reason     psycopg's own pipeline talks to the socket at each statement and converts every parameter; with a dozen
           statements a batch that was half of the time of a single order. Here parameters are text already,
           every one has a cast, and statements leave together.
Contract   Inside ``pipeline()`` a statement is answered when its rows are read, so a group of statements costs one
           round trip; an error appears at the next read or at the end. Nothing else uses the connection meanwhile.
"""

import re
import select
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from itertools import count
from time import perf_counter
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, TransactionStatus

from common.query_count import count_commit, count_query
from common.statement_errors import statement_error

#: Bytes that may wait; beyond it PostgreSQL gets them, and works while we go on.
_WAITING_MAX: Final = 2_048
_DONE: Final = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)

_counter: Final = count(1)
#: Names of the statements that a connection knows, by their text.
_prepared: "WeakKeyDictionary[psycopg.Connection[Any], dict[str, bytes]]" = WeakKeyDictionary()


class Statement:
    """One statement and its answer; ``execute`` only sends."""

    __slots__ = ("_pipe", "result")

    def __init__(self, pipe: "Pipeline") -> None:
        self._pipe = pipe
        self.result: psycopg.pq.abc.PGresult | None = None

    def execute(self, query: str, parameters: Sequence[Any] = ()) -> None:
        self._pipe.queue(self, query, parameters)

    def fetchall(self) -> list[tuple[Any, ...]]:
        if self.result is None:
            self._pipe.read_up_to(self)
        assert self.result is not None
        rows = self._pipe.transformer
        rows.set_pgresult(self.result)
        return rows.load_rows(0, self.result.ntuples, tuple)

    def fetchone(self) -> Any:
        rows = self.fetchall()
        return rows[0] if rows else None


class Pipeline:
    """Sends statements and reads their answers, in order."""

    def __init__(self, own: BaseDatabaseWrapper, *, is_transaction: bool = False) -> None:
        raw: psycopg.Connection[Any] = own.connection
        self._connection = own
        self._pgconn = raw.pgconn
        self._names = _prepared.setdefault(raw, {})
        # Names may be taken even if what made them failed, so none is used twice.
        self._fresh: dict[str, bytes] = {}
        # Who sets a threshold sits behind a pooler that moves us between connections.
        self._can_prepare = raw.prepare_threshold is None
        self._queue: deque[Statement | None] = deque()
        self._waiting = 0
        # Statements since the last question, those of that question, and how long its answers took so far.
        self._sent, self._asked, self._seconds = 0, 0, 0.0
        self._is_asked = True
        self._is_committing = False
        self._poll = select.poll()
        self._poll.register(self._pgconn.socket, select.POLLIN)
        self.transformer = Transformer(raw)
        self.error: psycopg.Error | None = None
        self._pgconn.enter_pipeline_mode()
        is_wanted = is_transaction or not raw.autocommit
        if is_wanted and self._pgconn.transaction_status == TransactionStatus.IDLE:
            self.send("BEGIN")

    def cursor(self) -> Statement:
        return Statement(self)

    def send(self, query: str, parameters: Sequence[Any] = ()) -> Statement:
        statement = Statement(self)
        self.queue(statement, query, parameters)
        return statement

    def send_commit(self) -> None:
        """Let PostgreSQL commit while we go on, once; Django's own commit then finds nothing to do.

        PostgreSQL skips it when a statement before it has failed. Inside another transaction that one commits.
        """
        if not (self._is_committing or self._connection.savepoint_ids):
            self._is_committing = True
            self.send("COMMIT")
            self._flush()

    def queue(self, statement: Statement, query: str, parameters: Sequence[Any]) -> None:
        values = [
            value.encode() if value.__class__ is str else b"%d" % value if value.__class__ is int else _dumped(value)
            for value in parameters
        ]
        if self._can_prepare:
            name = self._names.get(query) or self._fresh.get(query) or self._prepare(query)
            self._pgconn.send_query_prepared(name, values)
        else:
            self._pgconn.send_query_params(_numbered(query), values)
        self._queue.append(statement)
        self._sent += 1
        self._is_asked = False
        self._waiting += sum(map(len, filter(None, values)))
        if self._waiting > _WAITING_MAX:
            self._flush()

    def _prepare(self, query: str) -> bytes:
        name = b"w%d" % next(_counter)
        self._pgconn.send_prepare(name, _numbered(query))
        self._queue.append(None)
        self._fresh[query] = name
        return name

    def ask(self) -> None:
        """Let PostgreSQL answer everything that was sent, while we go on."""
        if not self._is_asked:
            self._count()
            self._pgconn.send_flush_request()
            self._flush()
            self._is_asked = True

    def push(self) -> None:
        """Let PostgreSQL work on everything that was sent, while we go on."""
        if self._waiting:
            self._flush()

    def read_up_to(self, statement: Statement) -> None:
        """Raises the first error of everything up to ``statement``."""
        self.ask()
        began = perf_counter()
        while statement.result is None:
            self._read_one()
            if self.error is not None:
                raise self.error
        self._seconds += perf_counter() - began

    def finish(self) -> None:
        """Read what is left and leave the pipeline; ``error`` is the first of all errors."""
        self._count()
        began = perf_counter()
        self._pgconn.pipeline_sync()
        self._flush()
        while self._queue:
            self._read_one()
        if self._next_result() is None:
            raise psycopg.OperationalError("the connection broke amid the answers")
        self._seconds = perf_counter() - began
        self._count()
        self._pgconn.exit_pipeline_mode()
        if self.error is None:
            self._names |= self._fresh

    def _count(self) -> None:
        """Count the round trip that has ended, and begin the next; its statements share its time."""
        if self._asked:
            count_query(self._seconds, self._asked)
        self._asked, self._sent, self._seconds = self._sent, 0, 0.0

    def _read_one(self) -> None:
        result = self._next_result()
        if result is None:
            raise psycopg.OperationalError("the connection broke amid the answers")
        statement = self._queue.popleft()
        if statement is not None:
            statement.result = result
        if result.status not in _DONE and self.error is None:
            self.error = statement_error(result)
        if self._next_result() is not None:
            raise psycopg.OperationalError("a statement had two answers")

    def _next_result(self) -> "psycopg.pq.abc.PGresult | None":
        pgconn = self._pgconn
        while pgconn.is_busy():
            self._poll.poll()
            pgconn.consume_input()
        return pgconn.get_result()

    def _flush(self) -> None:
        self._waiting = 0
        while self._pgconn.flush():
            # What PostgreSQL answers has to be taken, or it would stop reading.
            self._poll.modify(self._pgconn.socket, select.POLLIN | select.POLLOUT)
            self._poll.poll()
            self._poll.modify(self._pgconn.socket, select.POLLIN)
            self._pgconn.consume_input()


@contextmanager
def pipeline(*, is_transaction: bool = False) -> Iterator[Pipeline]:
    """A pipeline on Django's default connection; errors come out as Django's."""
    # The thread's own, once: each look through ``django.db.connection`` finds it anew.
    own = connections[DEFAULT_DB_ALIAS]
    # Both do nothing inside a transaction, which has a connection that worked when it began.
    own.close_if_health_check_failed()
    own.ensure_connection()
    raw: psycopg.Connection[Any] = own.connection
    try:
        with own.wrap_database_errors:
            pipe = Pipeline(own, is_transaction=is_transaction)
            try:
                yield pipe
            finally:
                _end(raw, pipe)
            if pipe.error is not None:
                raise pipe.error
    finally:
        # A transaction drops a broken connection by itself; the next statement then opens another.
        if raw.closed and not own.in_atomic_block:
            own.close()


@contextmanager
def durable_pipeline() -> Iterator[Pipeline]:
    """A pipeline in a transaction of its own: kept when the block ends well, else nothing is.

    Why: Django's own way into a transaction and out of it, of which none is in sight here, was a tenth of what Python
    does for a single order. Where there is one, as in tests, or by mistake, ``atomic`` says what becomes of it.
    """
    own = connections[DEFAULT_DB_ALIAS]
    if own.in_atomic_block:
        with transaction.atomic(durable=True), pipeline() as pipe:
            yield pipe
            pipe.send_commit()
        return
    is_kept = False
    try:
        with pipeline(is_transaction=True) as pipe:
            yield pipe
            pipe.send_commit()
        is_kept = True
    finally:
        if not is_kept:
            _roll_back(own)
    count_commit(own)


@contextmanager
def snapshot_pipeline() -> Iterator[Pipeline]:
    """A pipeline that only reads, and in which every statement sees the same moment; outside of transactions only."""
    own = connections[DEFAULT_DB_ALIAS]
    assert not own.in_atomic_block, "a transaction that has begun has a level of its own"
    try:
        with pipeline() as pipe:
            pipe.send("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield pipe
            pipe.send_commit()
    finally:
        _roll_back(own)


def _roll_back(own: BaseDatabaseWrapper) -> None:
    """Leave nothing open; a connection that can't even do that is given up."""
    raw: psycopg.Connection[Any] | None = own.connection
    if raw is None or raw.pgconn.transaction_status == TransactionStatus.IDLE:
        return
    try:
        raw.rollback()
    except psycopg.Error:
        own.close()


def _end(raw: "psycopg.Connection[Any]", pipe: Pipeline) -> None:
    if raw.closed:
        return
    is_finished = False
    try:
        pipe.finish()
        is_finished = True
    finally:
        if not is_finished:
            # Nobody could tell whose the next answer is.
            raw.close()


@lru_cache(256)
def _numbered(query: str) -> bytes:
    """``%s`` as libpq wants it."""
    numbers = count(1)
    return re.sub("%s", lambda _: f"${next(numbers)}", query).encode()


def _dumped(value: Any) -> bytes | None:
    """As text; the cast in the statement says what it is."""
    if isinstance(value, str):
        return value.encode()
    if value is None:
        return None
    return (value.isoformat() if isinstance(value, datetime) else str(value)).encode()
