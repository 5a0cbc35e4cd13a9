"""One number for how well the platform is tuned: 100 is nothing left to do.

Contract   Pure. Every open finding takes up to ``FINDING_MAX`` points by its priority, every series that is far worse
           than usual for this hour up to ``SERIES_MAX``; never below zero.
"""

from collections.abc import Iterable
from typing import Final

FINDING_MAX: Final = 15.0
SERIES_MAX: Final = 10.0
#: Spreads from usual that begin to count, and those that count in full.
_FROM, _FULL = 3.0, 9.0


def score(priorities: Iterable[int], distances: Iterable[float]) -> int:
    """``priorities`` of open findings, 1 to 100; ``distances`` of series from usual, above zero for the worse."""
    lost = sum(FINDING_MAX * priority / 100 for priority in priorities)
    lost += sum(SERIES_MAX * min(1.0, (far - _FROM) / (_FULL - _FROM)) for far in distances if far > _FROM)
    return max(0, round(100 - lost))
