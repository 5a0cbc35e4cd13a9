"""Text of a history file to values; every refusal is a ``ValueError`` that ends the sentence "COLUMN ...".

Times      ISO 8601; without an offset they are UTC. A bare date is the start of that day.
           ``2024-03-07#16-FIRST_BOUNCE`` is a date and a numbered phase of an event without a clock
           time: it becomes 10 minutes x number after midnight, which keeps the phases in order.
Numbers    ``Decimal``, never float, so that a share count is exact until it is rounded to lots.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from common.text import clean_text

PROBABILITY_SCALE: Final = 1_000_000
SHARES_MAX: Final = 100_000_000
#: The longest number that still means something; keeps ``1e999999`` away from the arithmetic.
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:\.\d{0,30})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_PHASE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})#(\d{2})-[A-Z0-9_]{1,60}", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PHASE_MINUTES: Final = 10
_VOID_WORDS: Final = frozenset({"VOID", "N/A", "NA", "CANCELLED", "CANCELED", "ANNULLED"})


def text(value: str, *, length_max: int, length_min: int = 1) -> str:
    """A value that must be there, in one line."""
    return clean_text(value, length_min=length_min, length_max=length_max)


def optional_text(value: str, *, length_max: int) -> str:
    return clean_text(value, length_max=length_max)


def number(value: str) -> Decimal:
    if not value:
        raise ValueError("is empty")
    if _NUMBER.fullmatch(value) is None:
        raise ValueError(f"is {shown(value)}, not a number")
    return Decimal(value)


def probability(value: str) -> int:
    """Parts of a million; the number has to be from 0 to 1."""
    parsed = number(value)
    if not 0 <= parsed <= 1:
        raise ValueError(f"is {shown(value)}; it has to be from 0 to 1")
    return int((parsed * PROBABILITY_SCALE).to_integral_value())


def share_count(value: str) -> Decimal:
    parsed = number(value)
    if not 0 < parsed <= SHARES_MAX:
        raise ValueError(f"is {shown(value)}; it has to be more than 0 and at most {SHARES_MAX}")
    return parsed


def not_negative(value: str) -> Decimal:
    parsed = number(value)
    if parsed < 0:
        raise ValueError(f"is {shown(value)}; it can't be negative")
    return parsed


def moment(value: str) -> datetime:
    if not value:
        raise ValueError("is empty")
    phase = _PHASE.fullmatch(value)
    try:
        if phase is not None:
            return _utc(phase[1]) + timedelta(minutes=_PHASE_MINUTES * int(phase[2]))
        return _utc(value)
    except (ValueError, OverflowError):
        raise ValueError(f"is {shown(value)}, not a time such as 2024-03-07T16:00:00Z") from None


def end_of(value: str) -> datetime:
    """Like ``moment``, but a bare date is the end of that day: something that ends on a date lasts through it."""
    start = moment(value)
    return start + timedelta(days=1) if _DATE.fullmatch(value) else start


def payouts(value: str) -> tuple[int, int] | None:
    """Payout in 1/10,000 per outcome (yes, no) of YES, NO, or the share from 0 to 1 that yes pays; ``None``: void."""
    word = value.upper()
    if word in {"YES", "NO"}:
        return (10_000, 0) if word == "YES" else (0, 10_000)
    if word in _VOID_WORDS:
        return None
    if not value:
        raise ValueError("is empty; expected YES, NO, VOID or a number from 0 to 1")
    try:
        yes = probability(value) // 100
    except ValueError:
        raise ValueError(f"is {shown(value)}; expected YES, NO, VOID or a number from 0 to 1") from None
    return (yes, 10_000 - yes)


def shown(value: str) -> str:
    """``value`` short and safe to print on a terminal."""
    return ascii(value if len(value) <= 40 else value[:39] + "…")


def _utc(value: str) -> datetime:
    parsed = datetime.fromisoformat(value)
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return aware.astimezone(UTC)
