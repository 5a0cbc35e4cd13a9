"""One way to run the SQL of these selectors; see ``trading.selectors.rows`` for why it is SQL."""

from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

from django.db import connection

from common import clock


def fetch_all(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def today() -> date:
    return clock.now().astimezone(UTC).date()
