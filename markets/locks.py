"""The lock of a market: the row of its head, taken before every other row that belongs to it.

Order      market head, then accounts by id. Whoever holds the head is alone with the market's journal,
           book and lifecycle until the transaction ends.
"""

from typing import Any, Protocol

from django.db import connection

from markets.errors import MarketNotFound

_LOCK = "SELECT seq FROM markets_markethead WHERE market_id = %s::bigint FOR NO KEY UPDATE"


class Cursor(Protocol):
    """What Django's cursor and psycopg's have in common."""

    def execute(self, query: Any, params: Any = ..., /) -> Any: ...
    def fetchone(self) -> Any: ...


def lock_head(cursor: Cursor | None, market_id: int) -> int:
    """Wait for the market's lock and return the ``seq`` of its newest record; inside a transaction only.

    Without ``cursor`` Django's default connection is used. Raises ``MarketNotFound``.
    """
    if cursor is not None:
        return _lock(cursor, market_id)
    assert connection.in_atomic_block, "a lock outside a transaction is gone at once"
    with connection.cursor() as own:
        return _lock(own, market_id)


def send_lock(cursor: Cursor, market_id: int) -> None:
    """Ask for the lock without waiting, in a pipeline; ``locked_seq`` waits for it."""
    cursor.execute(_LOCK, [market_id])


def _lock(cursor: Cursor, market_id: int) -> int:
    send_lock(cursor, market_id)
    return locked_seq(cursor, market_id)


def locked_seq(cursor: Cursor, market_id: int) -> int:
    """The ``seq`` of the newest record of a lock that was sent. Raises ``MarketNotFound``."""
    row = cursor.fetchone()
    if row is None:
        raise MarketNotFound(f"There is no market {market_id}.", field="/market_id")
    return int(row[0])
