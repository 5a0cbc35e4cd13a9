"""How many messages a receiver of a channel gets at most.

Contract   Each limit is a count within a span; the next message goes when all of them allow it. What waits meanwhile
           goes as one message. A channel says its own limits (``throttle``, such as ``["1 per 1m", "20 per 1h"]``),
           else those of its kind count: text messages have some, the other kinds none.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from alerting.engine.durations import seconds
from alerting.errors import ChannelInvalid, RuleInvalid


class Limit(NamedTuple):
    number: int
    span_s: float


#: The setting of a channel, whatever its kind.
THROTTLE: Final = "throttle"
#: Nobody reads more text messages than this.
SMS_LIMITS: Final = (Limit(1, 60.0), Limit(5, 900.0), Limit(11, 3_600.0), Limit(21, 10_800.0))
LIMITS: Final[dict[str, tuple[Limit, ...]]] = {"sms": SMS_LIMITS}
LIMITS_MAX: Final = 5
#: Messages of a limit; what was sent is counted before each message.
NUMBER_MAX: Final = 1_000
SPAN_S: Final = (1.0, 86_400.0)
_WORDS: Final = re.compile(r"([1-9]\d{0,3}) per (\S{1,10})")
_HELP: Final = (
    f"throttle is a list of at most {LIMITS_MAX} texts such as '20 per 1m': 1 to {NUMBER_MAX} messages in 1s to 1d."
)


def read_throttle(field: str, value: Any) -> list[str]:
    """As it was given, when it can be read.

    Raises: ChannelInvalid
    """
    if not isinstance(value, list | tuple) or len(value) > LIMITS_MAX:
        raise ChannelInvalid(_HELP, field=field)
    for one in value:
        _limit(field, one)
    return [str(one) for one in value]


def limits_of(kind: str, settings: Mapping[str, Any]) -> tuple[Limit, ...]:
    """Those of a channel with these settings; empty for none."""
    own = settings.get(THROTTLE) or ()
    return tuple(_limit(THROTTLE, one) for one in own) or LIMITS.get(kind, ())


def _limit(field: str, text: Any) -> Limit:
    found = _WORDS.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ChannelInvalid(_HELP, field=field)
    try:
        limit = Limit(int(found[1]), seconds(found[2], field))
    except RuleInvalid as error:
        raise ChannelInvalid(_HELP, field=field) from error
    if limit.number > NUMBER_MAX or not SPAN_S[0] <= limit.span_s <= SPAN_S[1]:
        raise ChannelInvalid(_HELP, field=field)
    return limit


def longest_span_s(limits: Sequence[Limit]) -> float:
    return max((limit.span_s for limit in limits), default=0.0)


def next_allowed_at(limits: Sequence[Limit], sent: Sequence[float], now: float) -> float:
    """``sent`` are the moments of earlier messages, the newest first; ``now`` when one may go at once."""
    at = now
    for limit in limits:
        if len(sent) >= limit.number:
            at = max(at, sent[limit.number - 1] + limit.span_s)
    return at
