"""A connection that may change tables: the application's own role may not.

Contract   Each statement commits by itself, as VACUUM and CREATE INDEX CONCURRENTLY demand.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from monitoring.optimizer.errors import ActNotAllowed

_IS_OWNER = """
SELECT coalesce(bool_and(pg_has_role(current_user, relowner, 'USAGE')), false) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""


def can_change_tables() -> bool:
    """Whether there is such a connection."""
    return bool(settings.OPTIMIZER_DATABASE_URL) or _is_owner()


@contextmanager
def owner_cursor(*, statement_ms: int) -> Iterator[Any]:
    """Raises: ActNotAllowed, psycopg.Error"""
    if settings.OPTIMIZER_DATABASE_URL:
        with psycopg.connect(settings.OPTIMIZER_DATABASE_URL, autocommit=True, connect_timeout=5) as opened:
            opened.execute(f"SET statement_timeout = {statement_ms}")
            yield opened.cursor()
        return
    if not _is_owner():
        raise ActNotAllowed(
            "This site may not change its tables by itself. Set OPTIMIZER_DATABASE_URL to a role that owns them."
        )
    assert not connection.in_atomic_block, "a transaction can't hold what commits by itself"
    connection.ensure_connection()
    cursor = connection.connection.cursor()
    cursor.execute(f"SET statement_timeout = {statement_ms}")
    try:
        yield cursor
    finally:
        if not connection.connection.closed:
            connection.connection.execute("RESET statement_timeout")


def _is_owner() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_IS_OWNER)
        return bool(cursor.fetchone()[0])
