"""Array parameters of PostgreSQL as text.

Reason     Building the text is several times cheaper than psycopg's conversion of a list, and the type is
           always that of the cast in the statement, so that a prepared statement stays the same.
"""

import re
from collections.abc import Sequence
from functools import lru_cache


def integers(values: Sequence[int | None]) -> str:
    """For ``%s::bigint[]`` and its like; ``None`` becomes NULL."""
    if len(values) == 1:
        # A single order's columns, of which there are fifty: this is three times as fast.
        return "{NULL}" if values[0] is None else f"{{{values[0]}}}"
    return "{" + ",".join(["NULL" if v is None else str(v) for v in values]) + "}"


def words(values: Sequence[object]) -> str:
    """Of values whose text needs no quotes: names, numbers, booleans."""
    if len(values) == 1:
        return f"{{{values[0]}}}"
    return "{" + ",".join(map(str, values)) + "}"


def texts(values: Sequence[str | None]) -> str:
    """Of any text without NUL."""
    return "{" + ",".join(["NULL" if v is None else _quoted(v) for v in values]) + "}"


def _quoted(value: str) -> str:
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    return '"' + value.replace('"', '\\"') + '"'


@lru_cache(64)
def for_one_row(statement: str) -> str:
    """A statement that unfolds arrays, for rows of which there is one: it takes the values themselves.

    Neither side then builds or reads fifty arrays for a single order.
    """
    statement = re.sub(r"unnest\(%s::(\w+)\[\]\)", r"%s::\1", statement)
    statement = re.sub(r"unnest\(string_to_array\(%s::text, E'\n'\)\)", "%s::text", statement)
    return re.sub(r"generate_series\(1, %s::bigint\)", "%s::bigint", statement)
