"""What people are told of a moderator's decision: title and words. Pure."""

from collections.abc import Mapping
from typing import Final

_TO_REPORTERS: Final[Mapping[str, str]] = {
    "dismiss": "A moderator found nothing wrong with it",
    "hide": "The comment was hidden",
    "warn": "Its author was warned",
    "suspend": "Its author was suspended",
    "close": "The market was closed",
}
_TO_AUTHORS: Final[Mapping[tuple[str, str], str]] = {
    ("comment", "hide"): "A comment of yours was hidden",
    ("comment", "warn"): "A moderator warns you because of a comment of yours",
    ("market", "warn"): "A moderator warns you because of a market of yours",
    ("market", "close"): "A market of yours was closed",
    ("approval", "approve"): "Your market is approved and open",
    ("approval", "decline"): "Your market isn't approved yet",
}


def to_reporters(decision: str, reason: str) -> str:
    """What those who reported are told; empty: nothing."""
    words = _TO_REPORTERS.get(decision, "")
    return f"{words}: {reason}" if words else ""


def to_author(kind: str, decision: str, reason: str) -> str:
    """What the author or creator is told; empty: nothing. A suspended one can't read it."""
    words = _TO_AUTHORS.get((kind, decision), "")
    return f"{words}: {reason}" if words else ""
