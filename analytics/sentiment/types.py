"""Words of sentiment, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

#: Texts count for a week, half as much with every two days, at most the newest of them.
WINDOW_S: Final = 7 * 86_400
HALF_LIFE_S: Final = 48 * 3_600
TEXTS_MAX: Final = 500
#: As if so many neutral texts were known as well, so that one shout is no mood.
NEUTRAL_TEXTS: Final = 3


@dataclass(frozen=True, slots=True)
class Tone:
    """How friendly the texts about a market are: ``value`` from -1 to 1, out of ``count`` texts; 0 without any."""

    value: float
    count: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, as plain text. ``published_at`` is empty when the feed doesn't tell."""

    key: str
    title: str
    summary: str
    url: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    """What texts are compared with: a market's question and its tags."""

    market_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """``overlap``: how much of the question's weight the text holds, from 0 to 1."""

    market_id: int
    overlap: float


@dataclass(frozen=True, slots=True)
class Correlation:
    """Of ``n`` pairs; ``low`` and ``high`` bound it with 95 % confidence (Fisher's transformation)."""

    value: float
    low: float
    high: float
    n: int
