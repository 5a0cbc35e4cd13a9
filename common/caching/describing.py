"""What the caches of each function are like: how long answers are good, how full they are, how one-sided the reads.

Contract   Gauges of this process, set before each sample. Functions are few and declared in the program.
"""

import time
from typing import Final

from common.caching.memory_store import MemoryStore
from common.caching.near_copies import NearCopies
from common.caching.policy import Policy
from common.metrics.registry import registry

#: Reads are compared over as many seconds, so that one burst says nothing.
HOT_EVERY_S: Final = 10.0
_LABELS: Final = ("cache", "function")

_TTL: Final = registry.gauge("cache_ttl_seconds", "How long a function's answer is fresh.", _LABELS, merge="max")
_KEPT: Final = registry.gauge("cache_function_entries", "Answers kept of a function.", ("function",), merge="max")
_MOST: Final = registry.gauge("cache_function_entries_max", "Answers kept at most.", ("function",), merge="max")
_ASKED: Final = registry.counter("cache_keys_read_total", "Reads of shared answers.", ("function",))
_HOTTEST: Final = registry.counter(
    "cache_hottest_read_total", "Of them, those of the key that was read most in each ten seconds.", ("function",)
)
_policies: Final[dict[tuple[str, str], Policy]] = {}
_stores: Final[dict[str, MemoryStore]] = {}
_near: Final[dict[str, NearCopies]] = {}


class _Clock:
    read_at = float("-inf")


def tell(cache: str, policy: Policy, keeper: MemoryStore | NearCopies) -> None:
    """Describe the cache of the function ``policy.name`` from now on."""
    _policies[cache, policy.name] = policy
    if isinstance(keeper, MemoryStore):
        _stores[policy.name] = keeper
    else:
        _near[policy.name] = keeper


@registry.before_sample
def measure() -> None:
    for (cache, function), policy in list(_policies.items()):
        _TTL.of(cache, function).set(policy.fresh_s())
    for function, store in list(_stores.items()):
        _KEPT.of(function).set(float(len(store)))
        _MOST.of(function).set(float(store.entries_max()))
    if time.monotonic() - _Clock.read_at >= HOT_EVERY_S:
        _Clock.read_at = time.monotonic()
        for function, near in list(_near.items()):
            _tell_hottest(function, near)


def _tell_hottest(function: str, near: NearCopies) -> None:
    hottest, asked = near.hottest()
    if asked:
        _HOTTEST.of(function).add(hottest)
        _ASKED.of(function).add(asked)
