"""Traders whose wallet moved under a hasty batch: their next batches lock before they write.

Why        Losing that race costs the market's cached state, which for a long book takes a second to read again. A
           wallet that is busy in several markets at once, as a quoting program's is, stays so.
Bound      TRADERS_MAX traders, the first noted leaves first; each for CONTESTED_S.
"""

import time
from collections.abc import Iterable
from threading import Lock
from typing import Final

CONTESTED_S: Final = 600.0
TRADERS_MAX: Final = 10_000

_until: dict[int, float] = {}
_lock: Final = Lock()


def note_contested(parties: Iterable[int]) -> None:
    """Remember the traders among ``parties``."""
    with _lock:
        for user_id in parties:
            if user_id > 0:
                _until.pop(user_id, None)
                _until[user_id] = time.monotonic() + CONTESTED_S
        while len(_until) > TRADERS_MAX:
            del _until[next(iter(_until))]


def is_any_contested(parties: Iterable[int]) -> bool:
    return bool(_until) and any(_until.get(user_id, 0.0) > time.monotonic() for user_id in parties)


def forget_contested() -> None:
    """Start afresh; for tests."""
    with _lock:
        _until.clear()
