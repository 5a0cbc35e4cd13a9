"""Order books as readers see them: sizes per price, kept per process and brought forward from the journal.

Contract   A view is exact at its ``seq``, which is as new as ``market_pulse.market_seq``. The first look sums the
           open orders in one statement; every later one applies only the level changes of the journal records
           since, so it costs what has changed, never what rests. Prices are ticks, quantities lots.
Invariant  Journal records become visible in ``seq`` order, because the market's lock is held until the commit.
Bound      ``_BOOKS_MAX`` books a process, the one known longest dropped first; a book that is more than
           ``_RECORDS_MAX`` records behind is summed anew.
"""

from bisect import bisect_left, insort
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from common.caching.metrics import ENTRIES, Reads
from common.metrics.registry import registry
from common.money import PRICE_SCALE
from markets.types import COMMAND_KINDS
from trading.selectors.market_pulse import market_seq, note_seq
from trading.selectors.prepared import Prepared, fetch_json
from trading.selectors.rows import fetch_all

_BOOKS_MAX: Final = 2_000
_RECORDS_MAX: Final = 5_000
_VIEWS_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class BookLevel:
    price: int
    quantity: int


@dataclass(frozen=True, slots=True)
class OutcomeBook:
    """Bids and asks of one outcome, best first."""

    outcome: int
    slug: str
    name: str
    bids: tuple[BookLevel, ...]
    asks: tuple[BookLevel, ...]


@dataclass(frozen=True, slots=True)
class BookView:
    """All outcomes' books at ``seq``; of a binary market "no" is derived from the one book of "yes"."""

    market_id: int
    seq: int
    outcomes: tuple[OutcomeBook, ...]


class Levels:
    """Sizes of one side; ``_keys`` ascend from the best price: the price of asks, minus that of bids."""

    __slots__ = ("_keys", "_sizes", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self._keys: list[int] = []
        self._sizes: dict[int, int] = {}

    def change(self, price: int, change: int) -> None:
        size = self._sizes.get(price, 0) + change
        assert size >= 0, "the journal takes away only what rests"
        if price not in self._sizes:
            insort(self._keys, price * self.sign)
        if size:
            self._sizes[price] = size
        else:
            self._sizes.pop(price, None)
            del self._keys[bisect_left(self._keys, price * self.sign)]

    def best(self, count: int) -> tuple[BookLevel, ...]:
        return tuple(BookLevel(key * self.sign, self._sizes[key * self.sign]) for key in self._keys[:count])


@dataclass(slots=True)
class _Depth:
    """The sizes of one market, booked view, and the views that were made of them at ``seq``."""

    is_binary: bool
    outcomes: tuple[tuple[str, str], ...]
    seq: int = 0
    sides: dict[tuple[int, str], Levels] = field(default_factory=dict)
    views: dict[int, BookView] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


# One statement is one snapshot, so the sums belong to exactly this seq.
_SUMS: Final = """
SELECT h.seq, m.kind = 'binary',
       ARRAY(SELECT o.slug FROM markets_outcome o WHERE o.market_id = m.id ORDER BY o.index),
       ARRAY(SELECT o.name FROM markets_outcome o WHERE o.market_id = m.id ORDER BY o.index),
       l.outcome, l.side, l.price, l.size
FROM markets_market m
JOIN markets_markethead h ON h.market_id = m.id
LEFT JOIN (
    SELECT r.outcome, r.side, r.price, SUM(r.quantity - r.filled)::bigint AS size
    FROM trading_order r
    WHERE r.market_id = %(market_id)s AND r.status = 'open'
    GROUP BY 1, 2, 3
) l ON TRUE
WHERE m.id = %(market_id)s AND m.status <> 'draft'
"""
_SINCE: Final = Prepared(
    b"om_journal_levels",
    b"""
    SELECT json_build_array(e.seq, e.kind, e.data->'l')::text
    FROM markets_marketevent e
    WHERE e.market_id = $1 AND e.seq > $2
    ORDER BY e.seq
    LIMIT $3
    """,
    3,
)
#: Records that tell their changes of the book; the others change nothing but the status, or everything.
_TOLD: Final = COMMAND_KINDS

_depths: OrderedDict[int, _Depth] = OrderedDict()
_depths_lock = Lock()
_reads: Final = Reads("memory", "book_view")


def book_view(market_id: int, *, depth: int = 20) -> BookView | None:
    """The best ``depth`` levels of each side, or ``None`` when there is no such market."""
    known = _depths.get(market_id)
    if known is None:
        known = _summed(market_id)
        if known is None:
            return None
        _keep(market_id, known)
        _reads.miss()
        # It is of this moment: nobody needs to be asked what came since.
        with known.lock:
            return known.views.setdefault(depth, _view(market_id, known, depth))
    view = known.views.get(depth)
    if view is not None and view.seq == market_seq(market_id):
        _reads.hit()
        return view
    _reads.miss()
    with known.lock:
        _bring_forward(market_id, known)
        view = known.views.get(depth)
        if view is None:
            if len(known.views) >= _VIEWS_MAX:
                known.views = {}
            view = known.views[depth] = _view(market_id, known, depth)
        return view


@registry.before_sample
def _measure() -> None:
    ENTRIES.of("books").set(len(_depths))


def forget_books() -> None:
    """Drop what this process knows; for tests, and after a database was restored."""
    with _depths_lock:
        _depths.clear()


def _keep(market_id: int, depth: _Depth) -> None:
    with _depths_lock:
        _depths[market_id] = depth
        while len(_depths) > _BOOKS_MAX:
            _depths.popitem(last=False)


def _summed(market_id: int) -> _Depth | None:
    rows = fetch_all(_SUMS, {"market_id": market_id})
    if not rows:
        return None
    seq, is_binary, slugs, names = rows[0][:4]
    depth = _Depth(is_binary, tuple(zip(slugs, names, strict=True)), seq)
    for outcome, side, price, size in (row[4:] for row in rows):
        if price is not None:
            _add(depth, *_booked(is_binary, outcome, side, price), size)
    return depth


def _booked(is_binary: bool, outcome: int, side: str, price: int) -> tuple[int, str, int]:
    if is_binary and outcome == 1:
        return 0, "sell" if side == "buy" else "buy", PRICE_SCALE - price
    return outcome, side, price


def _bring_forward(market_id: int, depth: _Depth) -> None:
    if market_seq(market_id) == depth.seq:
        return
    rows = fetch_json(_SINCE, market_id, depth.seq, _RECORDS_MAX + 1)
    if not rows:
        return
    depth.views = {}
    if len(rows) > _RECORDS_MAX or any(kind not in _TOLD for _, kind, _ in rows):
        fresh = _summed(market_id)
        assert fresh is not None
        depth.seq, depth.sides = fresh.seq, fresh.sides
        return
    for seq, _, levels in rows:
        for outcome, side, price, change in levels:
            _add(depth, outcome, side, price, change)
        depth.seq = seq
    note_seq(market_id, depth.seq)


def _add(depth: _Depth, outcome: int, side: str, price: int, change: int) -> None:
    levels = depth.sides.get((outcome, side))
    if levels is None:
        levels = depth.sides[outcome, side] = Levels(1 if side == "sell" else -1)
    levels.change(price, change)


def _view(market_id: int, depth: _Depth, count: int) -> BookView:
    books = []
    for index, (slug, name) in enumerate(depth.outcomes):
        is_mirrored = depth.is_binary and index == 1
        bids, asks = _best(depth.sides, 0 if is_mirrored else index, count)
        if is_mirrored:
            bids, asks = _mirrored(asks), _mirrored(bids)
        books.append(OutcomeBook(index, slug, name, bids, asks))
    return BookView(market_id, depth.seq, tuple(books))


def _best(sides: dict[tuple[int, str], Levels], outcome: int, count: int) -> tuple[Any, Any]:
    bids, asks = sides.get((outcome, "buy")), sides.get((outcome, "sell"))
    return bids.best(count) if bids else (), asks.best(count) if asks else ()


def _mirrored(levels: tuple[BookLevel, ...]) -> tuple[BookLevel, ...]:
    return tuple(BookLevel(PRICE_SCALE - level.price, level.quantity) for level in levels)
