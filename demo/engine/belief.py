"""The hidden truth of a demo market: where the price ought to be at a moment.

Contract   A pure function of the market's name, its centre and the time, so it needs no storage, survives
           restarts, and the seeded history leads up to what the live traders do.
Shape      In log-odds: slow waves of days, quicker ones of hours and minutes, and a level that jumps every
           few hours, as news would make it.
"""

import hashlib
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

#: Period in seconds and height in log-odds.
_WAVES: Final = ((5.3 * 86_400, 0.18), (19 * 3_600, 0.10), (2.7 * 3_600, 0.07), (13 * 60, 0.03))
_NEWS_S: Final = 4 * 3_600
_NEWS_HEIGHT: Final = 0.15
_DETOUR: Final = 0.35


def truth(name: str, chances: Sequence[float], at: datetime) -> tuple[float, ...]:
    """Chance of every outcome at ``at``; they sum to 1. ``chances`` is the centre."""
    weights = [math.exp(math.log(chance) + _drift(f"{name}/{index}", at)) for index, chance in enumerate(chances)]
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def ended_truth(name: str, chances: Sequence[float], last: Sequence[float], share: float) -> tuple[float, ...]:
    """The same of a market that is over, where ``share`` of its life was behind it: from ``chances`` to ``last``.

    It wanders in the middle of the life only, and doesn't depend on the calendar.
    """
    share = min(max(share, 0.0), 1.0)
    weights = [
        math.exp(math.log(first) * (1 - share) + math.log(end) * share + _detour(f"{name}/{index}", share))
        for index, (first, end) in enumerate(zip(chances, last, strict=True))
    ]
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def _detour(key: str, share: float) -> float:
    return sum(
        _DETOUR / turns * math.sin(math.pi * share) * math.sin(2 * math.pi * (turns * share + _unit(f"{key}/{turns}")))
        for turns in (1, 3)
    )


def _drift(key: str, at: datetime) -> float:
    seconds = at.timestamp()
    waves = sum(
        height * math.sin(2 * math.pi * (seconds / period + _unit(f"{key}/{period}"))) for period, height in _WAVES
    )
    return waves + _news(key, seconds)


def _news(key: str, seconds: float) -> float:
    """The level of this block of hours; the first twentieth of a block leads over from the one before."""
    block, rest = divmod(seconds, _NEWS_S)
    now, before = (_NEWS_HEIGHT * (2 * _unit(f"{key}/news/{int(b)}") - 1) for b in (block, block - 1))
    share = min(1.0, rest / (_NEWS_S / 20))
    return before + (now - before) * share


def _unit(text: str) -> float:
    """A number in [0, 1) that the text alone decides."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest()) / 2**48
