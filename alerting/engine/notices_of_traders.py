"""What traders are told.

Contract   Pure. A price has moved when an outcome is ``MOVE_PPM`` or more away from where it was when the person was
           told last. A comment mentions whoever it names with an at sign.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from alerting.engine.words import Words

#: Five percentage points, in 1/1,000,000.
MOVE_PPM: Final = 50_000
MENTIONS_MAX: Final = 10
_MENTION: Final = re.compile(r"(?<![\w@])@([A-Za-z0-9.+_-]{1,32})")
_LOTS: Final = 10_000


def mentioned(text: str) -> tuple[str, ...]:
    """Handles in the order they come; a full stop at the end belongs to the sentence."""
    found = (match.rstrip(".+-") for match in _MENTION.findall(text))
    return tuple(dict.fromkeys(name for name in found if name))[:MENTIONS_MAX]


def moved_outcome(before: Mapping[str, int], prices: Sequence[int]) -> int | None:
    """The outcome that moved most, when one has moved far enough."""
    moves = {
        index: abs(price - before[str(index)])
        for index, price in enumerate(prices)
        if str(index) in before and abs(price - before[str(index)]) >= MOVE_PPM
    }
    return max(moves, key=lambda index: moves[index]) if moves else None


def fill_words(side: str, outcome: str, filled: int, quantity: int, *, is_over: bool) -> Words:
    how = "all" if filled >= quantity else "over" if is_over else "waiting"
    data = {"outcome": outcome, "filled": shares(filled), "quantity": shares(quantity)}
    return Words(f"fill.{side}.{how}", data)


def move_words(outcome: str, before: int, now: int) -> Words:
    data = {"outcome": outcome, "before": f"{before / 10_000:.0f}", "now": f"{now / 10_000:.0f}"}
    return Words("market.moved", data)


def end_words(winners: Sequence[str], *, is_void: bool) -> Words:
    """``winners`` are the outcomes that pay."""
    if is_void or not winners:
        return Words("market.void")
    return Words("market.resolved", {"outcomes": list(winners)})


def vote_words(until: datetime) -> Words:
    """``until`` is when the vote ends."""
    return Words("market.vote", {"until": until.isoformat()})


def shares(lots: int) -> str:
    return f"{lots / _LOTS:.4f}".rstrip("0").rstrip(".")
