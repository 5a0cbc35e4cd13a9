"""Markets for one person, each with its reasons.

Contract   Pure. The score is a sum of two parts that can be told: how much of their trading is in the market's topic,
           and how much the people who trade in it resemble them. What they trade in already isn't suggested.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_OF_LIKE: Final = 0.6
_OF_TOPIC: Final = 0.4


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open market; ``likes``: (handle, resemblance 0..1) of people who trade in it and resemble the reader."""

    market_id: int
    slug: str
    question: str
    topic: str
    volume: int
    likes: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendation:
    candidate: Candidate
    score: float
    reasons: tuple[str, ...]


def resemblance(mine: frozenset[int], theirs: frozenset[int]) -> float:
    """Markets that both trade in, of those that either does (Jaccard)."""
    together = len(mine | theirs)
    return len(mine & theirs) / together if together else 0.0


def recommended(
    candidates: Sequence[Candidate], topic_shares: Mapping[str, float], *, limit: int
) -> list[Recommendation]:
    """The best candidates for somebody whose trading is spread over topics like this; busiest first among equals.

    Somebody who hasn't traded gets the busiest markets and is told so.
    """
    most = max((candidate.volume for candidate in candidates), default=0) or 1
    rated = [_rated(candidate, topic_shares, most) for candidate in candidates]
    rated.sort(key=lambda one: (-one.score, one.candidate.market_id))
    return rated[:limit]


def _rated(candidate: Candidate, topic_shares: Mapping[str, float], most: int) -> Recommendation:
    share = topic_shares.get(candidate.topic, 0.0)
    likeness = min(1.0, sum(weight for _, weight in candidate.likes))
    reasons = []
    if share:
        reasons.append(f"{share * 100:.0f} % of your trading is in {candidate.topic}.")
    if candidate.likes:
        names = ", ".join(handle for handle, _ in candidate.likes[:3])
        more = len(candidate.likes) - 3
        others = f" and {more} more" if more > 0 else ""
        reasons.append(f"{names}{others}, who trade in the same markets as you, trade in it.")
    if not reasons:
        reasons.append("It is among the busiest markets now.")
    busy = 0.01 * candidate.volume / most
    return Recommendation(candidate, _OF_TOPIC * share + _OF_LIKE * likeness + busy, tuple(reasons))
