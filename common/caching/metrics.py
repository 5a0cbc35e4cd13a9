"""What caches count.

Outcomes   ``hit`` kept and fresh; ``stale`` kept, and being renewed; ``wait`` computed by somebody else meanwhile;
           ``miss`` computed here; ``error`` the store can't be reached, so computed here; ``bypass`` a transaction
           that a cache must not answer or fill, so computed here and counted apart from the hit rate.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from time import perf_counter
from typing import Final

from common.metrics.registry import registry
from common.request_context import current

Add = Callable[..., None]

READS: Final = registry.counter(
    "cache_reads_total", "Reads of caches by how they were answered.", ("cache", "function", "outcome")
)
ENTRIES: Final = registry.gauge("cache_entries", "What the caches of this process keep.", ("cache",))
BYTES: Final = registry.gauge("cache_bytes", "Size of what the caches of this process keep, estimated.", ("cache",))
WRITTEN: Final = registry.counter("cache_written_bytes_total", "Bytes written to shared caches.", ("cache", "function"))
EVICTIONS: Final = registry.counter(
    "cache_evictions_total", "Answers that a full memory cache gave up for newer ones.", ("function",)
)
COMPUTE: Final = registry.sketch(
    "cache_compute_seconds", "How long it took to compute what a cache lacked.", ("cache", "function")
)
HITS: Final = ("hit", "stale", "wait")
_MISSES: Final = ("miss", "error")


def _counting(add: Callable[[float], None], outcome: str) -> Add:
    """``add`` that also counts for the request that runs."""
    if outcome not in (*HITS, *_MISSES):
        return add
    is_hit = outcome in HITS

    def count(amount: int = 1) -> None:
        add(amount)
        context = current.get()
        if context is None:
            return
        if is_hit:
            context.cache_hits += amount
        else:
            context.cache_misses += amount

    return count


class Reads:
    """The counters of one cached function, each made when it first counts: label sets are few."""

    def __init__(self, cache: str, function: str) -> None:
        self._labels = (cache, function)

    @cached_property
    def hit(self) -> Add:
        return self._outcome("hit")

    @cached_property
    def stale(self) -> Add:
        return self._outcome("stale")

    @cached_property
    def wait(self) -> Add:
        return self._outcome("wait")

    @cached_property
    def miss(self) -> Add:
        return self._outcome("miss")

    @cached_property
    def error(self) -> Add:
        return self._outcome("error")

    @cached_property
    def bypass(self) -> Add:
        return self._outcome("bypass")

    @cached_property
    def written(self) -> Callable[[float], None]:
        return WRITTEN.of(*self._labels).add

    @contextmanager
    def computing(self) -> Iterator[None]:
        started = perf_counter()
        try:
            yield
        finally:
            COMPUTE.of(*self._labels).record(perf_counter() - started)

    def _outcome(self, outcome: str) -> Add:
        return _counting(READS.of(*self._labels, outcome).add, outcome)
