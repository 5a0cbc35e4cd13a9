"""A market's state from the tables, without the market's lock.

Reason     A book of hundreds of thousands of orders takes seconds to read. Under the lock everybody else would wait
           for so long, be refused, and have to read it as well.
Contract   Everything is read in one snapshot, so tables and ``seq`` belong together. What is decided meanwhile comes
           from the journal, until what is left for the one who takes the lock takes next to no time.
"""

from time import perf_counter
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections

from trading.services._market_cache import CachedMarket
from trading.services._market_state import bring_forward, load_state, send_records_after
from trading.services._pipeline import pipeline, snapshot_pipeline

_HEAD: Final = "SELECT seq FROM markets_markethead WHERE market_id = %s::bigint"
#: So much may be missed without looking once more.
_SHORT_S: Final = 0.02
#: Each look takes a fraction of the one before; who is still behind then reads under the lock.
_LOOKS_MAX: Final = 10


def load_apart(entry: CachedMarket) -> None:
    """Read what the tables say, and follow; the entry stays empty where there is no such market, and inside another
    transaction, which can't have a snapshot of its own.

    Raises: MarketNotOpen (a draft)
    """
    if connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return
    began = perf_counter()
    with snapshot_pipeline() as pipe:
        head = pipe.send(_HEAD, [entry.market_id]).fetchone()
        if head is None:
            return
        load_state(pipe, entry, head[0])
    entry.is_fresh = True
    for _ in range(_LOOKS_MAX):
        if perf_counter() - began < _SHORT_S or entry.state is None:
            return
        began = perf_counter()
        _follow(entry)


def _follow(entry: CachedMarket) -> None:
    state = entry.state
    assert state is not None
    with pipeline() as pipe:
        records = send_records_after(pipe, entry)
        # Half of a record must not stay.
        entry.forget()
        if bring_forward(entry, state, records):
            entry.state = state
