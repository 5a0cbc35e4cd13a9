"""Keep the sizes of every book each ``SNAPSHOT_RECORDS`` records, so that its past is read from nearby.

Contract   A snapshot is what the level changes up to its ``seq`` add up to, so whoever makes it makes the same one; a
           repeated run changes nothing. Made after the fact: nothing of it is on the way of an order.
Bound      A market's snapshots are made from its newest one on, in pieces; ``RECORDS_MAX`` records a run.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import orjson
from django.db import connection

from markets.models import JournalSnapshot
from markets.selectors.journal_levels import Sizes, change_sizes, level_changes

SNAPSHOT_RECORDS: Final = 1_000
RECORDS_MAX: Final = 200_000
#: Markets that have gone on by a whole step since their newest snapshot.
_DUE: Final = """
SELECT h.market_id, h.seq, s.seq, s.levels
FROM markets_markethead h
LEFT JOIN LATERAL (SELECT seq, levels FROM markets_journalsnapshot
                   WHERE market_id = h.market_id ORDER BY seq DESC LIMIT 1) s ON TRUE
WHERE h.seq >= %(step)s AND h.seq >= COALESCE(s.seq, 0) + %(step)s
ORDER BY h.market_id
"""


def snapshot_journal(*, records_max: int = RECORDS_MAX) -> int:
    """Make every snapshot that is due, as far as ``records_max`` records lead; how many were made.

    Raises: JournalNotKept
    """
    made = 0
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"step": SNAPSHOT_RECORDS})
        due = cursor.fetchall()
    for market_id, head, seq, levels in due:
        upto = min(head, (seq or 0) + records_max)
        for snapshot in _snapshots(market_id, seq or 0, levels, upto):
            JournalSnapshot.objects.bulk_create([snapshot], ignore_conflicts=True)
            made += 1
        records_max -= upto - (seq or 0)
        if records_max < SNAPSHOT_RECORDS:
            break
    return made


def _snapshots(market_id: int, seq: int, levels: str | None, upto: int) -> Iterator[JournalSnapshot]:
    sizes: Sizes = {(outcome, side, price): size for outcome, side, price, size in orjson.loads(levels or "[]")}
    for change in level_changes(market_id, after_seq=seq, upto_seq=upto - upto % SNAPSHOT_RECORDS):
        change_sizes(sizes, change.levels)
        if change.seq % SNAPSHOT_RECORDS == 0:
            yield _snapshot(market_id, change.seq, change.at, sizes)


def _snapshot(market_id: int, seq: int, at: datetime, sizes: Sizes) -> JournalSnapshot:
    levels = [[*level, size] for level, size in sorted(sizes.items())]
    return JournalSnapshot(market_id=market_id, seq=seq, at=at, levels=levels)
