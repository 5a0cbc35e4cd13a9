"""What one cached function keeps in this process: the least recently used goes first.

Bound      ``entries_max`` answers and about ``bytes_max`` bytes, estimated; an answer larger than that isn't kept.
           What was tuned for the function counts instead of ``entries_max``.
"""

import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, fields, is_dataclass
from itertools import islice
from typing import Any, Final
from weakref import WeakSet

from common.caching.metrics import BYTES, ENTRIES, EVICTIONS
from common.caching.resets import after_fork
from common.metrics.registry import registry
from common.tuning.reading import on_change, tuned

_SAMPLE: Final = 50
_DEPTH: Final = 6
_KEY_BYTES: Final = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """``number``: of the newest drop of a tag when its computation began. Times are ``time.monotonic``."""

    value: Any
    fresh_until: float
    stale_until: float
    number: int
    tags: tuple[str, ...]
    size: int


class MemoryStore:
    def __init__(self, *, entries_max: int, bytes_max: int, name: str = "") -> None:
        self._entries_max = entries_max
        self._tuned_name = f"cache_entries_max:{name}"
        self._evictions = EVICTIONS.of(name)
        self._bytes_max = bytes_max
        self._entries: OrderedDict[Hashable, Entry] = OrderedDict()
        self._lock = threading.Lock()
        self.bytes = 0
        _stores.add(self)
        after_fork(self._renew_lock)

    def get(self, key: Hashable) -> Entry | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def put(self, key: Hashable, entry: Entry) -> None:
        with self._lock:
            known = self._entries.get(key)
            if known is not None and known.number > entry.number:
                # Computed before a drop that the known one already knows of.
                return
            self._remove(key)
            if entry.size > self._bytes_max:
                return
            self._entries[key] = entry
            self.bytes += entry.size
            entries_max = self.entries_max()
            while len(self._entries) > entries_max or self.bytes > self._bytes_max:
                self.bytes -= self._entries.popitem(last=False)[1].size
                self._evictions.add()

    def entries_max(self) -> int:
        """How many answers are kept now."""
        return int(tuned(self._tuned_name, self._entries_max))

    def remove(self, key: Hashable) -> None:
        with self._lock:
            self._remove(key)

    def sweep(self, now: float) -> int:
        """Drop what is no longer good; how many."""
        with self._lock:
            ended = [key for key, entry in self._entries.items() if now >= entry.stale_until]
            for key in ended:
                self._remove(key)
        return len(ended)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.bytes = 0

    def _remove(self, key: Hashable) -> None:
        old = self._entries.pop(key, None)
        self.bytes -= old.size if old is not None else 0

    def __len__(self) -> int:
        return len(self._entries)

    def _renew_lock(self) -> None:
        self._lock = threading.Lock()


def size_of(value: Any) -> int:
    """Bytes that an entry with ``value`` takes, estimated from samples of its containers."""
    return _KEY_BYTES + round(_size(value, _DEPTH))


def _size(value: Any, depth: int) -> float:
    own = float(sys.getsizeof(value))
    if depth == 0 or isinstance(value, str | bytes | int | float):
        return own
    if isinstance(value, dict):
        return own + _sampled(value.items(), len(value), depth)
    if isinstance(value, list | tuple | set | frozenset):
        return own + _sampled(value, len(value), depth)
    if is_dataclass(value):
        return own + sum(_size(getattr(value, field.name), depth - 1) for field in fields(value))
    return own


def _sampled(items: Iterable[Any], count: int, depth: int) -> float:
    sizes = [_size(item, depth - 1) for item in islice(items, _SAMPLE)]
    return sum(sizes) / len(sizes) * count if sizes else 0.0


_stores: "WeakSet[MemoryStore]" = WeakSet()


@registry.before_sample
def measure() -> None:
    stores = list(_stores)
    ENTRIES.of("memory").set(float(sum(map(len, stores))))
    BYTES.of("memory").set(float(sum(store.bytes for store in stores)))


def sweep_memory(_: float | None = None) -> None:
    """Have the caches of all functions drop what is no longer good."""
    now = time.monotonic()
    for store in list(_stores):
        store.sweep(now)


on_change("cleanup_round", sweep_memory)


def forget_memory() -> None:
    """Empty the memory caches of all functions; for tests, whose databases reuse ids, and when memory is short."""
    for store in list(_stores):
        store.clear()
