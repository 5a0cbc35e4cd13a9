"""What Redis said of one function's keys a moment ago, and which key is asked for most.

Contract   Copies are kept only while ``cache_near_s`` was set for the function, and no longer than that: they spare
           Redis a key that everybody asks for. Nothing is copied when it isn't set.
Bound      ``COPIES_MAX`` copies; ``KEYS_MAX`` keys are counted between two samples, further ones only as a sum.
"""

import time
from collections.abc import Sequence
from typing import Any, Final

from common.tuning.reading import tuned

COPIES_MAX: Final = 200
KEYS_MAX: Final = 1_000
Answers = Sequence[Any]
_now = time.monotonic


class NearCopies:
    def __init__(self, name: str) -> None:
        self._tuned_name = f"cache_near_s:{name}"
        self._copies: dict[str, tuple[float, Answers]] = {}
        self._counts: dict[str, int] = {}
        self._asked = 0

    def get(self, key: str) -> Answers | None:
        self._count(key)
        if not self._copies:
            return None
        copy = self._copies.get(key)
        return copy[1] if copy is not None and _now() < copy[0] else None

    def put(self, key: str, answers: Answers) -> None:
        near_s = tuned(self._tuned_name, 0.0)
        if near_s <= 0.0 or answers[0] is None:
            return
        if len(self._copies) >= COPIES_MAX:
            self._copies = {}
        self._copies[key] = (_now() + near_s, answers)

    def drop(self, key: str) -> None:
        self._copies.pop(key, None)

    def hottest(self) -> tuple[int, int]:
        """How often the key that was asked for most, and all of them, were asked for since the last time."""
        counts, asked = self._counts, self._asked
        self._counts, self._asked = {}, 0
        return max(list(counts.values()), default=0), asked

    def _count(self, key: str) -> None:
        # Without a lock: a lost count among thousands changes nothing.
        counts = self._counts
        self._asked += 1
        if key in counts or len(counts) < KEYS_MAX:
            counts[key] = counts.get(key, 0) + 1
