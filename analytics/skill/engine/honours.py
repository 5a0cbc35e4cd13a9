"""Badges: few, computed from the record, each with the sentence that says what it takes.

Contract   Pure. A badge is lost when the record no longer supports it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_SCORED_MIN: Final = 10
_FORECASTS_MIN: Final = 30
_ERROR_MAX: Final = 0.06
_STREAK_MIN: Final = 3
_TOPICS_MIN: Final = 4


@dataclass(frozen=True, slots=True)
class Badge:
    key: str
    title: str
    meaning: str


def winning_streak(profits: Iterable[int]) -> int:
    """How many of the newest markets in a row were won; ``profits`` newest first.

    A market that brought and cost nothing, as a void one does, is passed over.
    """
    count = 0
    for profit in profits:
        if profit < 0:
            break
        count += profit > 0
    return count


def badges(*, scored: int, brier_gain: int, forecasts: int, error: float | None, streak: int, topics: int
           ) -> tuple[Badge, ...]:  # fmt: skip
    """What the record supports now. ``topics``: in how many a profit stands."""
    found: list[Badge] = []
    if scored >= _SCORED_MIN and brier_gain > 0:
        found.append(Badge("sharp", "Beats the market", f"A better Brier score than the price, over {scored} markets."))
    if forecasts >= _FORECASTS_MIN and error is not None and error <= _ERROR_MAX:
        found.append(
            Badge(
                "calibrated", "Well calibrated", f"{forecasts} forecasts, off by {error * 100:.1f} points on average."
            )
        )
    if streak >= _STREAK_MIN:
        found.append(Badge("streak", f"{streak} in a row", f"A profit in each of the last {streak} markets."))
    if topics >= _TOPICS_MIN:
        found.append(Badge("broad", "All-rounder", f"A profit in {topics} topics."))
    return tuple(found)
