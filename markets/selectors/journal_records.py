"""The journal of one market, record by record, wherever its records are kept.

Contract   Records come in the order of ``seq`` without a gap: the old ones from the files of the archive, the others
           from the table. A file that is verified counts, whether its rows have left the table or not yet; if they
           leave while somebody reads, the reader goes on in the file.
Bound      ``_ROWS`` records in memory; of a file only the parts that are asked for are read. No transaction is needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson
from django.db import connection

from markets.errors import JournalNotKept, MarketNotFound
from markets.models import JournalFile, Market, MarketEvent
from markets.selectors.journal_files import archived_records
from markets.types import EventKind

_ROWS: Final = 1_000
_TABLE: Final = """
SELECT seq, kind, at, actor_id, data::text FROM markets_marketevent
WHERE market_id = %s AND seq > %s AND seq <= %s ORDER BY seq LIMIT %s
"""
SEQ_MAX: Final = 2**63 - 1


class KeptRecord(NamedTuple):
    """``data`` is the JSON text as it was written."""

    seq: int
    kind: str
    at: datetime
    actor_id: int | None
    data: str


@dataclass(frozen=True, slots=True)
class StoredRecord:
    seq: int
    kind: EventKind
    at: datetime
    actor_id: int | None
    data: dict[str, Any]


def kept_records(market_id: int, *, after_seq: int = 0, upto_seq: int = SEQ_MAX) -> Iterator[KeptRecord]:
    """The records ``after_seq + 1`` to ``upto_seq``, as far as there are any.

    Raises: JournalNotKept
    """
    seq = after_seq
    while seq < upto_seq:
        count = 0
        for record in _next_records(market_id, seq, upto_seq):
            yield record
            seq, count = record.seq, count + 1
        if not count:
            return


def _next_records(market_id: int, after: int, upto: int) -> Iterator[KeptRecord]:
    rows = _rows(market_id, after, upto)
    if rows and rows[0].seq == after + 1:
        yield from rows
        return
    file = (
        JournalFile.objects.filter(market_id=market_id, first_seq__lte=after + 1, last_seq__gt=after)
        .exclude(verified_at=None)
        .order_by("-first_seq")
        .first()
    )
    if file is not None:
        for record in archived_records(file, after_seq=after, upto_seq=upto):
            yield KeptRecord(*record)
    elif MarketEvent.objects.filter(market_id=market_id, seq__gt=after).exists():
        raise JournalNotKept(f"The records of market {market_id} from {after + 1} on aren't kept.")


def _rows(market_id: int, after: int, upto: int) -> list[KeptRecord]:
    with connection.cursor() as cursor:
        # Without gaps, so the bound says as much as the limit, and needs no statistics to be planned well.
        cursor.execute(_TABLE, [market_id, after, min(upto, after + _ROWS), _ROWS])
        return [KeptRecord(*row) for row in cursor.fetchall()]


def journal_records(market_id: int) -> Iterator[StoredRecord]:
    """All records in order.

    Raises: MarketNotFound, JournalNotKept
    """
    if not Market.objects.filter(pk=market_id).exists():
        raise MarketNotFound(f"There is no market {market_id}.", field="/market_id")
    for seq, kind, at, actor_id, data in kept_records(market_id):
        yield StoredRecord(seq, EventKind(kind), at, actor_id, orjson.loads(data))
