"""What people are told of a moderator's decision. Pure."""

from typing import Final

from alerting.engine.words import Words

_TO_REPORTERS: Final = frozenset({"dismiss", "hide", "warn", "suspend", "close"})
_TO_AUTHORS: Final = frozenset(
    {
        ("comment", "hide"),
        ("comment", "warn"),
        ("market", "warn"),
        ("market", "close"),
        ("approval", "approve"),
        ("approval", "decline"),
    }
)


def to_reporters(decision: str, reason: str) -> Words | None:
    """What those who reported are told; None: nothing."""
    return Words(f"case.{decision}", {"reason": reason}) if decision in _TO_REPORTERS else None


def to_author(kind: str, decision: str, reason: str) -> Words | None:
    """What the author or creator is told; None: nothing. A suspended one can't read it."""
    return Words(f"case.{kind}.{decision}", {"reason": reason}) if (kind, decision) in _TO_AUTHORS else None
