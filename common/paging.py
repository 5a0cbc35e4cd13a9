"""Pages of a list: an opaque cursor that names the last row seen, so that inserts never shift a page.

Contract   A query asks for ``limit + 1`` rows in a total order; ``cut`` keeps ``limit`` and makes the cursor of
           the last one. A cursor belongs to one list and one sort (``kind``); nothing is ever counted.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BinasciiError
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from common.errors import DomainError

LIMIT_DEFAULT: Final = 100
LIMIT_MAX: Final = 1_000
#: PostgreSQL's bigint.
_KEY_MAX: Final = 2**63 - 1

Row = TypeVar("Row")
Key = int | str


class CursorInvalid(DomainError):
    code = "request.cursor_invalid"
    title = "The cursor is not one of this list."
    status = 400


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list; ``next_cursor`` is ``None`` on the last page."""

    items: tuple[Row, ...]
    next_cursor: str | None


def cut(rows: Sequence[Row], *, limit: int, kind: str, keys: Callable[[Row], tuple[Key, ...]]) -> Page[Row]:
    """The page of ``limit`` rows out of ``rows``, of which the query was asked for one more."""
    if len(rows) <= limit:
        return Page(tuple(rows), None)
    kept = tuple(rows[:limit])
    return Page(kept, encode_cursor(kind, keys(kept[-1])))


def encode_cursor(kind: str, keys: tuple[Key, ...]) -> str:
    text = json.dumps([kind, *keys], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(kind: str, cursor: str, types: tuple[type, ...]) -> tuple[Key, ...]:
    """The keys in ``cursor``; raises ``CursorInvalid`` unless it was made for ``kind`` with these types."""
    try:
        found = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, BinasciiError, RecursionError):
        found = None
    if not _fits(found, kind, types):
        raise CursorInvalid(
            "Take the cursor from next_cursor of the same list with the same sort, or leave it out.", field="/cursor"
        )
    return tuple(found[1:])


def _fits(found: object, kind: str, types: tuple[type, ...]) -> bool:
    if not isinstance(found, list) or len(found) != len(types) + 1 or found[0] != kind:
        return False
    return all(_is_key(key, wanted) for key, wanted in zip(found[1:], types, strict=True))


def _is_key(key: object, wanted: type) -> bool:
    if wanted is int:
        return type(key) is int and abs(key) <= _KEY_MAX
    return isinstance(key, str) and _is_moment(key)


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).isoformat() == text and text.endswith("+00:00")
    except ValueError:
        return False
