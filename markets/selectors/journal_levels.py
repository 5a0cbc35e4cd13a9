"""What the journal tells of a market's book: the sizes at any ``seq`` or time.

Contract   Sizes are sums of the level changes of all records up to then, from the newest snapshot before. A record's
           time is that of its command. Booked view: ticks and lots.
Bound      One snapshot and the records up to the next one, however long the journal is. The newest records are waiting
           for their snapshot for about ``SNAPSHOT_PERIOD_S``: at the head there may be as many more as came since.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import orjson
from django.db import connection

from markets.errors import JournalBeforeMarket
from markets.models import JournalSnapshot
from markets.selectors.journal_records import kept_records

SNAPSHOT_PERIOD_S: Final = 10
#: Lots by booked outcome, booked side and price in ticks.
Sizes = dict[tuple[int, str, int], int]
_ROWS: Final = 1_000
_CHANGES: Final = """
SELECT seq, at, (data->'l')::text FROM markets_marketevent
WHERE market_id = %s AND seq > %s AND seq <= %s ORDER BY seq LIMIT %s
"""


class LevelChanges(NamedTuple):
    """``levels`` are (booked outcome, booked side, price, change)."""

    seq: int
    at: datetime
    levels: list[Any]


@dataclass(frozen=True, slots=True)
class PastSizes:
    """The sizes after the record ``seq``, which is of ``at``."""

    seq: int
    at: datetime
    sizes: Sizes


def change_sizes(sizes: Sizes, changes: Iterable[Any]) -> None:
    for outcome, side, price, change in changes:
        size = sizes.get((outcome, side, price), 0) + change
        assert size >= 0, "the journal takes away only what rests"
        if size:
            sizes[outcome, side, price] = size
        else:
            del sizes[outcome, side, price]


def level_changes(market_id: int, *, after_seq: int, upto_seq: int) -> Iterator[LevelChanges]:
    """The level changes of each record ``after_seq + 1`` to ``upto_seq``; empty for one that changes no level.

    Raises: JournalNotKept
    """
    seq = after_seq
    while seq < upto_seq:
        rows = _rows(market_id, seq, upto_seq)
        if not rows or rows[0][0] != seq + 1:
            break
        for row in rows:
            yield LevelChanges(row[0], row[1], orjson.loads(row[2] or "[]") or [])
        seq = rows[-1][0]
    # The archive has the others, and nothing is left to be done if there are none.
    for record in kept_records(market_id, after_seq=seq, upto_seq=upto_seq):
        yield LevelChanges(record.seq, record.at, orjson.loads(record.data).get("l") or [])


def sizes_at_seq(market_id: int, seq: int) -> PastSizes:
    """The book after the record ``seq``, which must be there.

    Raises: JournalNotKept
    """
    past = _from(market_id, JournalSnapshot.objects.filter(market_id=market_id, seq__lte=seq))
    for change in level_changes(market_id, after_seq=past.seq, upto_seq=seq):
        change_sizes(past.sizes, change.levels)
        past = PastSizes(change.seq, change.at, past.sizes)
    return past


def sizes_at_time(market_id: int, at: datetime, *, head: int) -> PastSizes:
    """The book after the last record of ``at`` or earlier; ``head`` is the newest ``seq``.

    Raises: JournalBeforeMarket, JournalNotKept
    """
    past = _from(market_id, JournalSnapshot.objects.filter(market_id=market_id, at__lte=at))
    following = JournalSnapshot.objects.filter(market_id=market_id, seq__gt=past.seq).order_by("seq")
    upto = following.values_list("seq", flat=True).first() or head
    for change in level_changes(market_id, after_seq=past.seq, upto_seq=upto):
        if change.at > at:
            break
        change_sizes(past.sizes, change.levels)
        past = PastSizes(change.seq, change.at, past.sizes)
    if not past.seq:
        raise JournalBeforeMarket("The market was made after that time. Ask for a later one.", field="/at")
    return past


def _from(market_id: int, snapshots: Any) -> PastSizes:
    found = snapshots.order_by("-seq").values_list("seq", "at", "levels").first()
    if found is None:
        return PastSizes(0, datetime.min.replace(tzinfo=UTC), {})
    seq, at, levels = found
    return PastSizes(seq, at, {(outcome, side, price): size for outcome, side, price, size in levels})


def _rows(market_id: int, after: int, upto: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        # Without gaps, so the bound says as much as the limit, and needs no statistics to be planned well.
        cursor.execute(_CHANGES, [market_id, after, min(upto, after + _ROWS), _ROWS])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
