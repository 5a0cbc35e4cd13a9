"""What is done to the database itself, and taken back. Only indexes of the optimizer's own making are ever dropped."""

from typing import Any, Final

import psycopg
from psycopg import sql

from monitoring.optimizer.services._owner import owner_cursor
from monitoring.optimizer.types import INDEX_PREFIX, Act, Action

VACUUM_MS: Final = 20 * 60_000
BUILD_MS: Final = 60 * 60_000
_IS_VALID: Final = """
SELECT x.indisvalid FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
WHERE c.relname = %s AND c.relnamespace = 'public'::regnamespace
"""


class ActFailed(Exception):
    """PostgreSQL refused; the message is its own."""


def do_act(action: Action) -> None:
    """Raises: ActFailed, ActNotAllowed"""
    try:
        if action.act is Act.CREATE_INDEX:
            _build(action)
        elif action.act is Act.DROP_INVALID:
            undo_act(Action(Act.CREATE_INDEX, action.target))
        else:
            verb = "VACUUM (ANALYZE, SKIP_LOCKED)" if action.act is Act.VACUUM else "ANALYZE"
            with owner_cursor(statement_ms=VACUUM_MS) as cursor:
                cursor.execute(sql.SQL(verb + " public.{}").format(sql.Identifier(action.target)))
    except psycopg.Error as problem:
        raise ActFailed(str(problem).strip()) from problem


def undo_act(action: Action) -> None:
    """Raises: ActFailed, ActNotAllowed"""
    assert action.act is Act.CREATE_INDEX
    assert action.target.startswith(INDEX_PREFIX)
    try:
        with owner_cursor(statement_ms=BUILD_MS) as cursor:
            _drop(cursor, action.target)
    except psycopg.Error as problem:
        raise ActFailed(str(problem).strip()) from problem


def _build(action: Action) -> None:
    """A build that was interrupted leaves an invalid index, which is dropped before and after."""
    assert action.target.startswith(INDEX_PREFIX)
    with owner_cursor(statement_ms=BUILD_MS) as cursor:
        if _is_valid(cursor, action.target):
            return
        _drop(cursor, action.target)
        columns = sql.SQL(", ").join(sql.Identifier(str(name)) for name in action.details["columns"])
        name, table = sql.Identifier(action.target), sql.Identifier(str(action.details["table"]))
        try:
            cursor.execute(sql.SQL("CREATE INDEX CONCURRENTLY {} ON public.{} ({})").format(name, table, columns))
        except psycopg.Error:
            _drop(cursor, action.target)
            raise
        cursor.execute(sql.SQL("ANALYZE public.{}").format(table))


def _is_valid(cursor: Any, name: str) -> bool:
    cursor.execute(_IS_VALID, [name])
    row = cursor.fetchone()
    return row is not None and bool(row[0])


def _drop(cursor: Any, name: str) -> None:
    cursor.execute(sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS public.{}").format(sql.Identifier(name)))
