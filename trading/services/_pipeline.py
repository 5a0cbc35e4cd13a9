"""psycopg's own cursors on Django's connection: prepared statements, sent without waiting.

Contract   Inside ``pipeline()`` a statement is answered when its cursor is read, so a group of
           statements costs one round trip; an error appears at the next read or at the end.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from django.db import connection

#: Statements of the write path repeat for ever; a pooler that can't prepare sets prepare_threshold itself.
_PREPARE_AFTER: Final = 2


class Pipeline:
    """Gives out one cursor a statement."""

    def __init__(self, raw: "psycopg.Connection[Any]") -> None:
        self._raw = raw

    def cursor(self) -> "psycopg.Cursor[Any]":
        return psycopg.Cursor(self._raw)

    def send(self, query: str, parameters: Sequence[Any] = ()) -> "psycopg.Cursor[Any]":
        cursor = psycopg.Cursor(self._raw)
        cursor.execute(query, parameters)
        return cursor

    def send_commit(self) -> None:
        """Commit in the same round trip; Django's own commit then finds nothing to do.

        PostgreSQL skips it when a statement before it has failed. Inside another transaction that one commits.
        """
        if not connection.savepoint_ids:
            self.send("COMMIT")


@contextmanager
def pipeline() -> Iterator[Pipeline]:
    """A pipeline on Django's default connection; errors come out as Django's."""
    # Both do nothing inside a transaction, which has a connection that worked when it began.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = _PREPARE_AFTER
    try:
        with connection.wrap_database_errors, raw.pipeline():
            yield Pipeline(raw)
    finally:
        # A transaction drops a broken connection by itself; the next statement then opens another.
        if raw.closed and not connection.in_atomic_block:
            connection.close()
