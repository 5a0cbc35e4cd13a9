"""Says what an anomaly means: what changed, what moved with it, what happened near it, what to do.

Contract   Pure. Every sentence rests on numbers that are kept beside it as evidence.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

CORRELATION_MIN: Final = 0.7
RELATED_MAX: Final = 5
#: Fewer common points than this say nothing about a relation.
_POINTS_MIN: Final = 20
_ADVICE: Final[Mapping[str, str]] = {
    "system": "Look at the breakdown by process; if it lasts, add an instance or take load away.",
    "requests": "Look at the breakdown by route and at the slow requests in the log.",
    "database": "Look for new or slow queries and for waiting connections.",
    "cache": "Look whether a cache was emptied or outgrew its memory.",
    "sockets": "Look whether clients lose their connection or a broadcast grew.",
    "jobs": "Look at the ledger of jobs for failures and at the workers.",
    "exchange": "Traders behave differently: look at the busiest markets and at what is in the news.",
    "health": "Look at the series that the score is made of.",
    "custom": "Ask whoever sends this metric.",
}


def advice(group: str) -> str:
    """What to look at first for a series of this group."""
    return _ADVICE.get(group, _ADVICE["custom"])


def correlation(one: Sequence[float | None], other: Sequence[float | None]) -> float | None:
    """Pearson's, over the points that both have; None when that says nothing."""
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    if len(pairs) < _POINTS_MIN:
        return None
    mean_a, mean_b = sum(a for a, _ in pairs) / len(pairs), sum(b for _, b in pairs) / len(pairs)
    together = sum((a - mean_a) * (b - mean_b) for a, b in pairs)
    spread = math.sqrt(sum((a - mean_a) ** 2 for a, _ in pairs) * sum((b - mean_b) ** 2 for _, b in pairs))
    return together / spread if spread > 1e-12 else None


def related(name: str, lines: Mapping[str, Sequence[float | None]]) -> list[tuple[str, float]]:
    """The other lines that moved with (or against) this one, the closest first."""
    found = []
    for other, values in lines.items():
        strength = None if other == name else correlation(lines[name], values)
        if strength is not None and abs(strength) >= CORRELATION_MIN:
            found.append((other, round(strength, 2)))
    return sorted(found, key=lambda pair: (-abs(pair[1]), pair[0]))[:RELATED_MAX]


def headline(title: str, value: str, expected: str, is_higher: bool) -> str:
    return f"{title} {'rose' if is_higher else 'fell'} to {value}; {expected} was expected."
