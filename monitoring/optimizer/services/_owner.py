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
from monitoring.optimizer.selectors.rights import is_owner


@contextmanager
def owner_cursor(*, statement_ms: int) -> Iterator[Any]:
    """Raises: ActNotAllowed, psycopg.Error"""
    if settings.OPTIMIZER_DATABASE_URL:
        with psycopg.connect(settings.OPTIMIZER_DATABASE_URL, autocommit=True, connect_timeout=5) as opened:
            opened.execute(f"SET statement_timeout = {statement_ms}")  # nosemgrep: raw-sql
            yield opened.cursor()
        return
    if not is_owner():
        raise ActNotAllowed(
            "This site may not change its tables by itself. Set OPTIMIZER_DATABASE_URL to a role that owns them."
        )
    assert not connection.in_atomic_block, "a transaction can't hold what commits by itself"
    connection.ensure_connection()
    cursor = connection.connection.cursor()
    cursor.execute(f"SET statement_timeout = {statement_ms}")  # nosemgrep: raw-sql
    try:
        yield cursor
    finally:
        if not connection.connection.closed:
            connection.connection.execute("RESET statement_timeout")
