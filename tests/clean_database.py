"""Puts the database back after a test that committed, as its template has it.

Django would empty every table, and then make each content type, permission and role anew: half a second for each such
test. Here only what a test has left is deleted, and only rows of the template that it has changed are written again.
"""

from typing import Any, Final

from django.db import connection, transaction
from psycopg import sql

#: A table that a test has made so large is vacuumed, so that the next look at it doesn't read dead rows.
_LARGE_BYTES: Final = 4_000_000
_TABLES: Final = """
    SELECT relname, pg_relation_size(oid) > %s FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
      AND relname <> 'django_migrations'
    ORDER BY relname"""


class CleanDatabase:
    """Made when the database is new; ``put_back`` after each test that committed."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            self._rows = {name: _rows(cursor, name) for name in _filled(cursor, list(_tables(cursor)))}

    def put_back(self) -> None:
        with connection.cursor() as cursor:
            tables = _tables(cursor)
            with transaction.atomic():
                # Without triggers: the ledger refuses to be deleted, and foreign keys would ask for an order.
                cursor.execute("SET LOCAL session_replication_role = replica")
                for name in _filled(cursor, list(tables)):
                    if name not in self._rows or _rows(cursor, name) != self._rows[name]:
                        cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
                for name in self._rows.keys() - set(_filled(cursor, list(self._rows))):
                    _write(cursor, name, self._rows[name])
            for name in (name for name, is_large in tables.items() if is_large):
                cursor.execute(sql.SQL("VACUUM {}").format(sql.Identifier(name)))


def _tables(cursor: Any) -> dict[str, bool]:
    """Each table, and whether it is large."""
    cursor.execute(_TABLES, [_LARGE_BYTES])
    return dict(cursor.fetchall())


def _filled(cursor: Any, names: list[str]) -> list[str]:
    if not names:
        return []
    one = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    cursor.execute(sql.SQL(" UNION ALL ").join(one.format(sql.Literal(name), sql.Identifier(name)) for name in names))
    return [name for (name,) in cursor.fetchall()]


def _rows(cursor: Any, name: str) -> bytes:
    # A partitioned table has no rows of its own, which COPY would ask for.
    with cursor.copy(sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(sql.Identifier(name))) as copy:
        return b"".join(bytes(block) for block in copy)


def _write(cursor: Any, name: str, rows: bytes) -> None:
    with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as copy:
        copy.write(rows)
