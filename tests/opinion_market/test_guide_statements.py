"""Statements of SQL in the guides: PostgreSQL plans each on the tables of this version."""

import re

import pytest
from django.db import connection

from tests.architecture.test_guides import GUIDES, spans

#: Names of spans begin alike, and are none.
STATEMENTS = sorted({code for path in GUIDES for code in spans(path) if re.match(r"SELECT (.* FROM |\w+\()", code)})


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_of_a_guide_is_one_of_this_version(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement.replace('PID', '0')}")
        assert cursor.fetchall()
