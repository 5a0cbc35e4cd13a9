"""Array parameters of PostgreSQL as text.

Reason     Building the text is several times cheaper than psycopg's conversion of a list, and the type is
           always that of the cast in the statement, so that a prepared statement stays the same.
"""

from collections.abc import Sequence


def integers(values: Sequence[int | None]) -> str:
    """For ``%s::bigint[]`` and its like; ``None`` becomes NULL."""
    return "{" + ",".join(["NULL" if v is None else str(v) for v in values]) + "}"


def words(values: Sequence[object]) -> str:
    """Of values whose text needs no quotes: names, numbers, booleans."""
    return "{" + ",".join(map(str, values)) + "}"


def texts(values: Sequence[str | None]) -> str:
    """Of any text without NUL."""
    return "{" + ",".join(["NULL" if v is None else _quoted(v) for v in values]) + "}"


def _quoted(value: str) -> str:
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    return '"' + value.replace('"', '\\"') + '"'
