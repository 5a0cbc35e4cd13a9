"""The only writer of a market's journal.

Contract   The caller holds the market's lock (``lock_head``), in a transaction.
Invariant  ``seq`` is counted from the head row in the statement that writes the records, so the
           numbers of a market have no gaps and never repeat.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from common.arrays import for_one_row, integers, words
from markets.locks import Cursor, lock_head, locked_seq, send_lock
from markets.types import EventKind, JournalRecord

__all__ = ["append", "lock_head", "locked_seq", "record", "send_lock"]

_APPEND = """
WITH head AS (
    UPDATE markets_markethead SET seq = seq + %s::bigint WHERE market_id = %s::bigint RETURNING market_id, seq
)
INSERT INTO markets_marketevent (market_id, seq, kind, at, actor_id, data)
SELECT head.market_id, head.seq - %s::bigint + generate_series(1, %s::bigint), unnest(%s::text[]),
    unnest(%s::timestamptz[]), unnest(%s::bigint[]), unnest(string_to_array(%s::text, E'\n'))::json
FROM head
"""


def append(cursor: Cursor, market_id: int, records: Sequence[JournalRecord]) -> None:
    """Write ``records`` after the newest one, in one statement that returns nothing (fit for a pipeline).

    The first gets the ``seq`` that ``lock_head`` returned plus 1, the others follow.
    """
    count = len(records)
    if count == 1:
        one = records[0]
        values = [one.kind.value, one.at.isoformat(), one.actor_id, one.data]
        cursor.execute(for_one_row(_APPEND), [count, market_id, count, count, *values])
        return
    cursor.execute(
        _APPEND,
        [
            count,
            market_id,
            count,
            count,
            words([r.kind.value for r in records]),
            words(_moments(records)),
            integers([r.actor_id for r in records]),
            # One long text is taken apart faster than an array is parsed; JSON text has no line breaks.
            "\n".join([r.data for r in records]),
        ],
    )


def _moments(records: Sequence[JournalRecord]) -> list[str]:
    """The records of a batch share one moment, whose text is made once."""
    moments: list[str] = []
    at, text = None, ""
    for one in records:
        if one.at is not at:
            at, text = one.at, one.at.isoformat()
        moments.append(text)
    return moments


def next_seq(market_id: int) -> int:
    """Lock the market's journal until the transaction ends; the number of its next record."""
    return lock_head(None, market_id) + 1


def record(market_id: int, kind: EventKind, *, at: datetime, actor_id: int | None, data: Mapping[str, Any]) -> None:
    """Append one record on Django's connection; for lifecycle changes."""
    with connection.cursor() as cursor:
        append(cursor, market_id, [JournalRecord(kind, at, actor_id, json.dumps(data, allow_nan=False))])
