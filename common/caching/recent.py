"""How the caches of this process did in the last minute.

Why        In one second of a quiet site a cache is asked three times, and one miss says nothing.
Contract   Levels, set before each sample: ``None`` until a minute is known, so that caches which are still cold after
           a start alarm nobody.
"""

from collections import deque
from typing import Final

from common.caching.metrics import HITS, READS
from common.metrics.registry import registry

SECONDS: Final = 60

_ASKED: Final = registry.gauge("cache_recent_reads", "Reads of caches in the last minute.").of()
_FOUND: Final = registry.gauge("cache_recent_hits", "Reads that a cache answered in the last minute.").of()
#: (asked, found) in all, a sample each second; the oldest first.
_totals: Final[deque[tuple[float, float]]] = deque(maxlen=SECONDS + 1)


def measure_recent() -> None:
    """To be called once a second, by the agent of the process."""
    asked, found = 0.0, 0.0
    for (_, _, outcome), count in list(READS.children.items()):
        if outcome != "bypass":
            asked += count.value
            found += count.value if outcome in HITS else 0.0
    _totals.append((asked, found))
    is_known = len(_totals) > SECONDS
    _ASKED.set(asked - _totals[0][0] if is_known else None)
    _FOUND.set(found - _totals[0][1] if is_known else None)


def forget_recent() -> None:
    """Start afresh; for tests."""
    _totals.clear()
