"""When a message that did not get through is tried again.

Contract   As many attempts as the channel allows after the first, with doubling waits, unless the receiver says how
           long; nothing after the deadline. A refusal that will not change ends it at once.
"""

from typing import Final

FIRST_S: Final = 1.0
LONGEST_S: Final = 900.0
#: Longer waits that a receiver asks for are cut to this.
ASKED_S_MAX: Final = 3_600.0


def retry_at(
    *, attempts: int, retry_attempts: int, now: float, deadline_at: float | None, asked_s: float | None = None
) -> float | None:
    """After ``attempts`` attempts, the first included; None when there is no further one."""
    assert attempts >= 1
    if attempts > retry_attempts:
        return None
    wait_s = min(FIRST_S * 2.0 ** (attempts - 1), LONGEST_S)
    if asked_s is not None:
        wait_s = max(wait_s, min(asked_s, ASKED_S_MAX))
    at = now + wait_s
    return None if deadline_at is not None and at >= deadline_at else at


def rest_s(failures: int) -> float:
    """How long a channel rests after so many failures in a row, so that it doesn't hold workers that others need."""
    return 0.0 if failures < 5 else min(2.0 ** (failures - 3), 60.0)
