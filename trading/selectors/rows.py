"""One way to run the SQL of the selectors.

Reason     Selectors read the tables of ``markets`` by name, because a list of markets with their prices must be
           one statement; the columns they use are fixed by tests here. Models of other apps stay out of reach.
Contract   Statements are constants with named parameters. A filter that isn't used is passed as ``None`` and
           folded away by the planner, since the values are bound before planning.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import OperationalError, connection


def fetch_all(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def fetch_one(statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def fetch_prepared(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Rows by a statement that the server has prepared on this connection, for reads that come in thousands.

    Unlike Django's cursor it neither pings the server first nor binds in the client; a connection that turns
    out to be broken is opened again once.
    """
    raw = _raw_connection()
    try:
        return _prepared(raw, statement, parameters)
    except OperationalError:
        if connection.in_atomic_block or not raw.closed:
            raise
        connection.close()
        return _prepared(_raw_connection(), statement, parameters)


def _raw_connection() -> "psycopg.Connection[Any]":
    if connection.connection is None:
        connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    return raw


def _prepared(raw: "psycopg.Connection[Any]", statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.wrap_database_errors:
        return psycopg.Cursor(raw).execute(statement, parameters, prepare=True).fetchall()
