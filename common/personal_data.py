"""What the site keeps about a person, told by the apps that keep it: to be downloaded, and to be let go.

Contract   A part is a statement that reads rows of ``%(user_id)s`` after ``%(after)s`` in the order of its first column
           (a number), at most ``%(limit)s`` of them. A reason says why an account stays for now, with what to do.
           A farewell does what deleting an account means to its app, inside the transaction that deletes it.
Why        Accounts stand below the apps that keep such things, and mustn't know them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

CHUNK: Final = 2_000

Reasons = Callable[[int], list[str]]
Farewell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Part:
    """``name`` is that of its file."""

    name: str
    statement: str


_parts: dict[str, Part] = {}
_reasons: list[Reasons] = []
_farewells: list[Farewell] = []


def declare_part(name: str, statement: str) -> None:
    assert _parts.get(name, Part(name, statement)).statement == statement, f"{name} is declared twice"
    _parts[name] = Part(name, statement)


def declare_leaving(reasons: Reasons | None = None, farewell: Farewell | None = None) -> None:
    if reasons is not None and reasons not in _reasons:
        _reasons.append(reasons)
    if farewell is not None and farewell not in _farewells:
        _farewells.append(farewell)


def parts() -> tuple[Part, ...]:
    return tuple(_parts[name] for name in sorted(_parts))


def part_rows(part: Part, user_id: int) -> Iterator[dict[str, Any]]:
    """Every row, read in chunks while it is consumed."""
    after = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(part.statement, {"user_id": user_id, "after": after, "limit": CHUNK})
            names = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall()
        yield from (dict(zip(names, row, strict=True)) for row in rows)
        if len(rows) < CHUNK:
            return
        after = rows[-1][0]


def reasons_to_stay(user_id: int) -> list[str]:
    """Why the account can't be deleted now; empty when it can."""
    return [reason for told in _reasons for reason in told(user_id)]


def say_farewell(user_id: int) -> None:
    """Inside the transaction that deletes the account. Raises what a farewell raises."""
    for farewell in _farewells:
        farewell(user_id)
