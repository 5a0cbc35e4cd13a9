"""What libpq answers to a failed statement, as an error of psycopg."""

from typing import Any

import psycopg
from psycopg.pq import DiagnosticField


def statement_error(result: Any) -> psycopg.Error:
    """The error of a result of libpq that has failed.

    Without a code it isn't PostgreSQL's: libpq says so when the server went away in the middle, at times before the
    connection itself counts as broken. psycopg makes a bare DatabaseError of it, which reads like our own mistake.
    """
    if result.error_field(DiagnosticField.SQLSTATE) is None:
        return psycopg.OperationalError(result.get_error_message())
    return psycopg.errors.error_from_result(result)
