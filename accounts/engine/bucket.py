"""Token buckets of this process: pure arithmetic over a clock that the caller reads.

Bound   At most ``BUCKETS_MAX`` buckets; the one that was used longest ago gives way.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from accounts.types import Limit, Verdict

BUCKETS_MAX: Final = 100_000
Bucket = tuple[Limit, str]


class Buckets:
    """Not thread-safe; the caller holds a lock."""

    def __init__(self) -> None:
        self._levels: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, buckets: Sequence[Bucket], now: float, cost: int = 1) -> Verdict:
        """Take ``cost`` tokens from every bucket, or from none."""
        levels = [self._level(limit, key, now) for limit, key in buckets]
        waits = [(cost - level) / limit.refill_per_s for (limit, _), level in zip(buckets, levels, strict=True)]
        if (wait := max(waits)) > 0:
            return Verdict(False, 0, wait)
        for (limit, key), level in zip(buckets, levels, strict=True):
            self._store(limit, key, level - cost, now)
        return Verdict(True, int(min(levels)) - cost, 0.0)

    def give_back(self, buckets: Sequence[Bucket], now: float, cost: int = 1) -> None:
        for limit, key in buckets:
            self._store(limit, key, min(limit.capacity, self._level(limit, key, now) + cost), now)

    def _level(self, limit: Limit, key: str, now: float) -> float:
        level, at = self._levels.get((limit.name, key), (float(limit.capacity), now))
        return min(float(limit.capacity), level + max(0.0, now - at) * limit.refill_per_s)

    def _store(self, limit: Limit, key: str, level: float, now: float) -> None:
        self._levels[limit.name, key] = (level, now)
        self._levels.move_to_end((limit.name, key))
        if len(self._levels) > BUCKETS_MAX:
            self._levels.popitem(last=False)
