"""When an integrator's message is tried again, and when an endpoint is given up.

Contract   Ten attempts over about three days, each wait a little longer than its step so that many receivers that
           failed together aren't asked together. A receiver that says how long is left alone for that long.
"""

from typing import Final

#: Seconds after the first, the second ... failure.
STEPS_S: Final = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
ATTEMPTS_MAX: Final = len(STEPS_S) + 1
#: Waits are up to this share longer.
JITTER: Final = 0.1
#: Longer waits that a receiver asks for are cut to this.
ASKED_S_MAX: Final = 86_400.0
#: An endpoint that got nothing for so long is switched off.
FAILING_S_MAX: Final = 3 * 86_400
#: And so is one for which more than this waits.
WAITING_MAX: Final = 20_000
#: Answers of a receiver that wants less of everything, not just of this message.
SLOWER: Final = frozenset({502, 503, 504})
TOO_MANY: Final = 429
_SLOWER_S: Final = 5.0


def next_try_s(failures: int, *, asked_s: float | None, share: float) -> float | None:
    """Seconds until the next attempt after ``failures`` of one message; None when there is no further one.

    ``share`` from 0 to 1 is how much of the jitter is taken.
    """
    assert failures >= 1
    if failures > len(STEPS_S):
        return None
    wait_s = STEPS_S[failures - 1] * (1 + JITTER * share)
    return wait_s if asked_s is None else max(wait_s, min(asked_s, ASKED_S_MAX))


def rest_s(failures: int, *, status: int | None, asked_s: float | None) -> float:
    """How long the endpoint as a whole is left alone after so many failures in a row."""
    rest = 0.0 if failures < 3 else min(2.0 ** (failures - 1), 300.0)
    if (status in SLOWER and failures > 1) or status == TOO_MANY:
        rest = max(rest, _SLOWER_S)
    return max(rest, min(asked_s or 0.0, 3_600.0))
