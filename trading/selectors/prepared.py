"""Statements that the server keeps prepared, asked by libpq itself.

Why        A market or a book is read thousands of times a second, and psycopg's cursors cost several times what the
           statement does (measured: 9 us against 46 us for one row by its key, 30 us against 190 us for a dozen
           columns with arrays).
Contract   Parameters are whole numbers. Every row is one column of JSON text. One statement at a time on Django's
           connection of this thread, in autocommit or in its transaction (there unprepared). Errors are Django's.
"""

from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final
from weakref import WeakKeyDictionary

import orjson
import psycopg
from django.db import OperationalError, connection
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, TransactionStatus

from common.query_count import count_query
from common.statement_errors import statement_error

_BIGINT: Final = 20
_UNKNOWN_STATEMENT: Final = b"26000"


@dataclass(frozen=True, slots=True)
class Prepared:
    """``statement`` has parameters ``$1``, ``$2``...; ``name`` is unique in this program."""

    name: bytes
    statement: bytes
    parameters: int


_known: "WeakKeyDictionary[psycopg.Connection[Any], set[bytes]]" = WeakKeyDictionary()


def fetch_json(prepared: Prepared, *parameters: int) -> list[Any]:
    """The rows, decoded. A connection that turns out to be broken is opened again once.

    Raises: OperationalError and the like
    """
    values = [b"%d" % parameter for parameter in parameters]
    try:
        return _fetch(prepared, values)
    except OperationalError as error:
        if connection.in_atomic_block or connection.connection is None or not _is_lost(error):
            raise
        connection.close()
        return _fetch(prepared, values)


def _is_lost(error: OperationalError) -> bool:
    """What PostgreSQL itself said has a code, and its connection works on unless libpq says otherwise."""
    is_said = getattr(error.__cause__, "sqlstate", None) is not None
    return not is_said or connection.connection.pgconn.status != ConnStatus.OK


def _fetch(prepared: Prepared, values: list[bytes]) -> list[Any]:
    if connection.connection is None:
        connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    with connection.wrap_database_errors:
        began = perf_counter()
        result = _result(raw, prepared, values)
        count_query(perf_counter() - began)
        if raw.pgconn.status != ConnStatus.OK:
            raise psycopg.OperationalError("the connection to PostgreSQL is lost")
        if result.status != ExecStatus.TUPLES_OK:
            raise statement_error(result)
        return [orjson.loads(result.get_value(row, 0) or b"null") for row in range(result.ntuples)]


def _result(raw: "psycopg.Connection[Any]", prepared: Prepared, values: list[bytes]) -> Any:
    pgconn, types = raw.pgconn, [_BIGINT] * prepared.parameters
    if pgconn.transaction_status != TransactionStatus.IDLE:
        # A statement that isn't known any more would spoil the transaction.
        return pgconn.exec_params(prepared.statement, values, types)
    names = _known.setdefault(raw, set())
    if prepared.name in names:
        result = pgconn.exec_prepared(prepared.name, values)
        # psycopg forgets everything that was prepared, ours as well, after a rollback.
        if result.error_field(DiagnosticField.SQLSTATE) != _UNKNOWN_STATEMENT:
            return result
    result = pgconn.prepare(prepared.name, prepared.statement, types)
    if result.status != ExecStatus.COMMAND_OK:
        return result
    names.add(prepared.name)
    return pgconn.exec_prepared(prepared.name, values)
