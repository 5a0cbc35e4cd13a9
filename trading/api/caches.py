"""Rendered answers that many readers share, kept per process.

Contract   A market's and a book's answer are verified against the database at each request: one prepared statement
           tells the ``seq``. What changes without a journal record may be older: the 24 h columns ``PULSE_S``, the
           wording that only staff change ``STATIC_S``. A list may be ``LIST_S`` old, as its ``Cache-Control`` says.
Bound      A fixed number of answers of each kind, then that cache starts anew; no long lists.
"""

import time
from dataclasses import dataclass
from threading import Lock
from typing import Final
from zlib import crc32

import orjson

from common.caching.memory_cache import memory_cache
from common.caching.metrics import BYTES, ENTRIES, Reads
from common.metrics.registry import registry
from trading.api.documents import Document, book_document, detail_document, with_pulse
from trading.selectors.books import book_view
from trading.selectors.market_detail import market_detail, market_id_of
from trading.selectors.market_pulse import MarketPulse, market_pulse, market_seq

PULSE_S: Final = 1.0
STATIC_S: Final = 10.0
LIST_S: Final = 1.0
_ENTRIES_MAX: Final = 2_000
#: Whoever asks for many different lists or depths must not fill the memory.
_LISTS_MAX: Final = 200
_LIST_BYTES_MAX: Final = 256 * 1024
_BOOKS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Rendered:
    """``etag`` is the same as long as the bytes are."""

    seq: int
    etag: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Market:
    rendered: Rendered
    pulse: MarketPulse
    pulse_at: float
    static: Document
    static_at: float
    creator_id: int


@dataclass(frozen=True, slots=True)
class MarketAnswer:
    rendered: Rendered
    is_draft: bool
    creator_id: int


_markets: dict[int, _Market] = {}
_books: dict[tuple[int, int], Rendered] = {}
_lists: dict[str, tuple[bytes, float]] = {}
_market_reads: Final = Reads("memory", "market_answer")
_list_reads: Final = Reads("memory", "market_list")
_list_lock = Lock()
_renewal_locks: Final = tuple(Lock() for _ in range(64))


def market_answer(market_id: int) -> MarketAnswer | None:
    """``GET /markets/{id}``, or ``None`` when there is no such market."""
    seq = market_seq(market_id)
    if seq is None:
        return None
    kept = _markets.get(market_id)
    if kept is None or not _is_current(kept, seq):
        # One renews it, the others wait for that instead of asking the same.
        with _renewal_locks[market_id % len(_renewal_locks)]:
            kept = _markets.get(market_id)
            if kept is not None and _is_current(kept, seq):
                _market_reads.wait()
            else:
                _market_reads.miss()
                kept = _renewed(market_id, kept)
    else:
        _market_reads.hit()
    return MarketAnswer(kept.rendered, kept.pulse.status == "draft", kept.creator_id)


def _is_current(kept: _Market, seq: int) -> bool:
    return kept.pulse.seq >= seq and time.monotonic() - kept.pulse_at < PULSE_S


def _renewed(market_id: int, kept: _Market | None) -> _Market:
    now, pulse = time.monotonic(), market_pulse(market_id)
    assert pulse is not None, "markets are never deleted"
    is_worded = kept is not None and kept.pulse.status == pulse.status != "draft" and now - kept.static_at < STATIC_S
    if kept is None or not is_worded:
        return _loaded(market_id, pulse)
    rendered = kept.rendered if kept.pulse == pulse else _render(kept.static, pulse)
    kept = _Market(rendered, pulse, now, kept.static, kept.static_at, kept.creator_id)
    _markets[market_id] = kept
    return kept


def _loaded(market_id: int, pulse: MarketPulse) -> _Market:
    now, detail = time.monotonic(), market_detail(market_id)
    assert detail is not None, "markets are never deleted"
    static = detail_document(detail)
    kept = _Market(_render(static, pulse), pulse, now, static, now, detail.creator_id)
    if len(_markets) >= _ENTRIES_MAX:
        _markets.clear()
    # A change of status in between is told with the next reading, not remembered half.
    if detail.status == pulse.status:
        _markets[market_id] = kept
    return kept


def _render(static: Document, pulse: MarketPulse) -> Rendered:
    body = orjson.dumps(with_pulse(static, pulse))
    return Rendered(pulse.seq, f'"{pulse.seq}-{crc32(body):08x}"', body)


def book_answer(market_id: int, depth: int) -> Rendered | None:
    """``GET /markets/{id}/book``, or ``None`` when there is no such market."""
    view = book_view(market_id, depth=depth)
    if view is None:
        return None
    kept = _books.get((market_id, depth))
    if kept is None or kept.seq != view.seq:
        kept = Rendered(view.seq, f'"{view.seq}"', orjson.dumps(book_document(view)))
        if len(_books) >= _BOOKS_MAX:
            _books.clear()
        _books[market_id, depth] = kept
    return kept


def market_id_for(key: str) -> int | None:
    """The id behind an id or a slug; slugs are remembered for ``STATIC_S``."""
    return market_id_of(key) if key.isdecimal() else _id_of_slug(key)


@memory_cache(STATIC_S, jitter=0, entries_max=_ENTRIES_MAX)
def _id_of_slug(slug: str) -> int | None:
    return market_id_of(slug)


def kept_list(query: str) -> bytes | None:
    """The list for exactly this query string, unless it is too old. Of several that find it too old one is told
    so and renews it, while the others still get the old one."""
    found = _lists.get(query)
    if found is None:
        _list_reads.miss()
        return None
    body, until = found
    if time.monotonic() < until:
        _list_reads.hit()
        return body
    with _list_lock:
        if _lists.get(query) is found:
            _lists[query] = (body, time.monotonic() + LIST_S)
            _list_reads.miss()
            return None
    _list_reads.stale()
    return body


def keep_list(query: str, body: bytes) -> None:
    if len(body) > _LIST_BYTES_MAX:
        _lists.pop(query, None)
        return
    if len(_lists) >= _LISTS_MAX:
        _lists.clear()
    _lists[query] = (body, time.monotonic() + LIST_S)


@registry.before_sample
def _measure() -> None:
    ENTRIES.of("answers").set(len(_markets) + len(_books) + len(_lists))
    # Copies, because requests change them meanwhile.
    rendered = [kept.rendered for kept in list(_markets.values())] + list(_books.values())
    bodies = sum(len(one.body) for one in rendered) + sum(len(body) for body, _ in list(_lists.values()))
    BYTES.of("answers").set(bodies)


def forget_answers() -> None:
    """Drop everything; for tests, whose databases reuse ids."""
    for cache in (_markets, _books, _lists):
        cache.clear()
