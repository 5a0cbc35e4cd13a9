"""What stands out in a market: sentences, each with its evidence, a test and how sure it is.

Contract   Every question that could be asked of the data is a ``Finding`` with its chance under "nothing is going on";
           an ``Insight`` is one that stays significant after all of them were asked (``significance.discoveries``).
           Too little data asks no question. Nothing here says what will happen.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from analytics.market_ai.engine import significance
from analytics.market_ai.engine.features import log_odds

LEVEL: Final = 0.05
#: Hours with trades before a price can be said to move unusually, days before a volume can.
HOURS_MIN: Final = 12
DAYS_MIN: Final = 5
TRADES_MIN: Final = 20
TEXTS_MIN: Final = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """``evidence`` is JSON-ready; ``anchor`` names the part of the market page that shows it."""

    kind: str
    sentence: str
    evidence: dict[str, Any]
    test: str
    statistic: float
    chance: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Insight:
    """``significance``: the chance of seeing as much if nothing is going on, held for how many questions were asked."""

    finding: Finding
    significance: float


@dataclass(frozen=True, slots=True)
class MarketSeries:
    """What is looked at. ``hours``: closing prices of the hours with trades of a week, oldest first, and the price a
    day ago and now. ``days``: trades of each of the last days, the newest complete to this hour. Tones from -1 to 1."""

    name: str
    hours: Sequence[float]
    price: float | None
    price_24h_ago: float | None
    days: Sequence[int]
    trades_24h: int
    buys: int
    fills: int
    social: Sequence[float]
    news: Sequence[float]


def insights_of(series: MarketSeries) -> tuple[list[Insight], int]:
    """What stands out, the surest first, and how many questions were asked."""
    asked = [
        finding
        for finding in (_move(series), _volume(series), _flow(series), _persistence(series), *_tones(series))
        if finding is not None
    ]
    kept = significance.discoveries([finding.chance for finding in asked], LEVEL)
    found = [Insight(finding, adjusted) for finding, adjusted in zip(asked, kept, strict=True) if adjusted is not None]
    return sorted(found, key=lambda insight: insight.significance), len(asked)


def _steps(series: MarketSeries) -> list[float]:
    odds = [log_odds(price) for price in series.hours]
    return [after - before for before, after in pairwise(odds)]


def _move(series: MarketSeries) -> Finding | None:
    """The day's change against what the hours of the week make likely."""
    steps = _steps(series)
    if len(steps) < HOURS_MIN or series.price is None or series.price_24h_ago is None:
        return None
    spread = math.sqrt(math.fsum(step * step for step in steps) / len(steps))
    change = log_odds(series.price) - log_odds(series.price_24h_ago)
    if spread <= 0.0:
        return None
    # Days of a week have the hours with trades between them.
    hours = max(len(steps) / 7.0, 1.0)
    z = change / (spread * math.sqrt(hours))
    points = round((series.price - series.price_24h_ago) * 100, 1)
    verb = "rose" if points > 0 else "fell"
    return Finding(
        "price_move",
        f"{series.name} {verb} by {abs(points):g} points in 24 hours, {abs(z):.1f} times its usual day.",
        {"change_points": points, "usual_log_odds": round(spread * math.sqrt(hours), 4), "hours": len(steps)},
        "z of the change in log-odds",
        round(z, 3),
        significance.normal_p(z),
        "chart-title",
    )


def _volume(series: MarketSeries) -> Finding | None:
    if len(series.days) < DAYS_MIN:
        return None
    # Counts spread in proportion to their size; their logarithms spread evenly.
    newest, before = math.log1p(series.trades_24h), [math.log1p(count) for count in series.days]
    t, chance = significance.outlier_test(newest, before)
    usual = math.fsum(series.days) / len(series.days)
    word = "more" if t > 0 else "less"
    return Finding(
        "volume",
        f"It is traded {word} than usual: {series.trades_24h} trades in 24 hours, {usual:.0f} on a usual day.",
        {"trades_24h": series.trades_24h, "mean": round(usual, 2), "days": len(series.days)},
        "t of a new value against the days before, of ln(1 + trades)",
        round(t, 3),
        chance,
        "trades-title",
    )


def _flow(series: MarketSeries) -> Finding | None:
    if series.fills < TRADES_MIN:
        return None
    z, chance = significance.balance_test(series.buys, series.fills)
    side, share = ("buy", series.buys) if z >= 0 else ("sell", series.fills - series.buys)
    percent = round(100 * share / series.fills)
    return Finding(
        "order_flow",
        f"{percent} % of the last {series.fills} trades {side} {series.name}.",
        {"buys": series.buys, "sells": series.fills - series.buys},
        "z against an even share",
        round(z, 3),
        chance,
        "trades-title",
    )


def _persistence(series: MarketSeries) -> Finding | None:
    steps = _steps(series)
    if len(steps) < 2 * HOURS_MIN:
        return None
    value, chance = significance.correlation_test(steps[:-1], steps[1:])
    word = "tend to go on" if value > 0 else "tend to be taken back"
    return Finding(
        "persistence",
        f"Moves of one hour {word} in the next (correlation {value:+.2f}).",
        {"correlation": round(value, 4), "pairs": len(steps) - 1},
        "correlation of neighbouring hours",
        round(value, 3),
        chance,
        "chart-title",
    )


def _tones(series: MarketSeries) -> list[Finding | None]:
    return [
        _tone("social_sentiment", "Comments", series.social, "comments-title"),
        _tone("news_sentiment", "The news", series.news, "comments-title"),
    ]


def _tone(kind: str, subject: str, tones: Sequence[float], anchor: str) -> Finding | None:
    if len(tones) < TEXTS_MIN:
        return None
    t, chance = significance.mean_test(tones)
    mean = math.fsum(tones) / len(tones)
    word = "friendlier" if mean > 0 else "gloomier"
    return Finding(
        kind,
        f"{subject} sound {word} than neutral ({mean:+.2f} on a scale of 1, {len(tones)} texts).".replace(
            "The news sound ", "The news sounds "
        ),
        {"mean": round(mean, 4), "texts": len(tones)},
        "t of the mean tone",
        round(t, 3),
        chance,
        anchor,
    )
