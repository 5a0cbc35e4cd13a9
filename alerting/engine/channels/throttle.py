"""How many messages a receiver gets at most.

Contract   Each limit is a count within a span; the next message goes when all of them allow it. What waits meanwhile
           goes as one message.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple


class Limit(NamedTuple):
    number: int
    span_s: float


#: Nobody reads more text messages than this.
SMS_LIMITS: Final = (Limit(1, 60.0), Limit(5, 900.0), Limit(11, 3_600.0), Limit(21, 10_800.0))
LIMITS: Final[dict[str, tuple[Limit, ...]]] = {"sms": SMS_LIMITS}


def longest_span_s(limits: Sequence[Limit]) -> float:
    return max((limit.span_s for limit in limits), default=0.0)


def next_allowed_at(limits: Sequence[Limit], sent: Sequence[float], now: float) -> float:
    """``sent`` are the moments of earlier messages, the newest first; ``now`` when one may go at once."""
    at = now
    for limit in limits:
        if len(sent) >= limit.number:
            at = max(at, sent[limit.number - 1] + limit.span_s)
    return at
