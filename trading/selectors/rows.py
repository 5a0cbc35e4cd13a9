"""One way to run the SQL of the selectors.

Reason     Selectors read the tables of ``markets`` by name, because a list of markets with their prices must be
           one statement; the columns they use are fixed by tests here. Models of other apps stay out of reach.
Contract   Statements are constants with named parameters. A filter that isn't used is passed as ``None`` and
           folded away by the planner, since the values are bound before planning.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection


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
