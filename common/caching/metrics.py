"""What caches count.

Outcomes   ``hit`` kept and fresh; ``stale`` kept, and being renewed; ``wait`` computed by somebody else meanwhile;
           ``miss`` computed here; ``error`` the store can't be reached, so computed here; ``bypass`` a transaction
           that a cache must not answer or fill, so computed here and counted apart from the hit rate.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from common.metrics.registry import Distribution, registry

READS: Final = registry.counter(
    "cache_reads_total", "Reads of caches by how they were answered.", ("cache", "function", "outcome")
)
ENTRIES: Final = registry.gauge("cache_entries", "What the caches of this process keep.", ("cache",))
BYTES: Final = registry.gauge("cache_bytes", "Size of what the caches of this process keep, estimated.", ("cache",))
WRITTEN: Final = registry.counter("cache_written_bytes_total", "Bytes written to shared caches.", ("cache", "function"))
COMPUTE: Final = registry.sketch(
    "cache_compute_seconds", "How long it took to compute what a cache lacked.", ("cache", "function")
)


class Reads:
    """The counters of one cached function."""

    def __init__(self, cache: str, function: str) -> None:
        self.hit, self.stale, self.wait, self.miss, self.error, self.bypass = (
            READS.of(cache, function, outcome).add for outcome in ("hit", "stale", "wait", "miss", "error", "bypass")
        )
        self.compute: Distribution = COMPUTE.of(cache, function)
        self.written: Callable[[float], None] = WRITTEN.of(cache, function).add

    @contextmanager
    def computing(self) -> Iterator[None]:
        started = perf_counter()
        try:
            yield
        finally:
            self.compute.record(perf_counter() - started)
