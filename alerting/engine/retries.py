"""When a message that could not be delivered is tried again.

Contract   The waits grow by half from ``FIRST_S`` to ``LONGEST_S``, counted from the start of a try; a try never begins
           before the one before it has ended, nor at the deadline or after it.
"""

from typing import Final

FIRST_S: Final = 0.5
LONGEST_S: Final = 60.0
_GROWTH: Final = 1.5


def next_try_at(*, tries: int, started_at: float, ended_at: float, deadline_at: float) -> float | None:
    """After ``tries`` tries, of which the last started and ended then; None when it is too late."""
    assert tries >= 1
    assert started_at <= ended_at
    wait_s = min(FIRST_S * _GROWTH ** min(tries - 1, 20), LONGEST_S)
    at = max(ended_at, started_at + wait_s)
    return at if at < deadline_at else None
