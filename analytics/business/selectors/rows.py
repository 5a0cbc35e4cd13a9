"""One way to run the SQL of these selectors; see ``trading.selectors.rows`` for why it is SQL.

What they answer is for people to look at, so a replica may answer it (``common.replica``).
"""

from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

from common import clock
from common.replica import read_rows


def fetch_all(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return read_rows(statement, parameters)


def today() -> date:
    return clock.now().astimezone(UTC).date()
