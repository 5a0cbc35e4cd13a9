"""A server that went away isn't our mistake."""

from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.pq import ExecStatus

from common.statement_errors import statement_error

pytestmark = pytest.mark.django_db


def broken_off() -> Any:
    """A result as libpq makes it when the server closes the connection amid an answer."""
    connection.ensure_connection()
    return connection.connection.pgconn.make_empty_result(ExecStatus.FATAL_ERROR)


def test_without_a_code_it_is_the_connection() -> None:
    error = statement_error(broken_off())
    assert (type(error), error.sqlstate) == (psycopg.OperationalError, None)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [(b"SELECT 1 / 0", psycopg.errors.DivisionByZero), (b"SELECT no_such_column", psycopg.errors.UndefinedColumn)],
)
def test_what_the_server_says_keeps_its_kind(statement: bytes, kind: type[psycopg.Error]) -> None:
    connection.ensure_connection()
    assert type(statement_error(connection.connection.pgconn.exec_params(statement, []))) is kind
