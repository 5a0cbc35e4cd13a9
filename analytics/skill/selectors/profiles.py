"""A trader's track record as others may see it.

Bound      A handful of statements by index; the histories are cut to what a page shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from analytics.skill.engine.curve import bins_of, curve_error
from analytics.skill.engine.honours import Badge, badges, winning_streak
from analytics.skill.models import Profile
from analytics.skill.selectors.boards import BoardRow
from analytics.skill.selectors.rows import fetch_all
from analytics.skill.types import Bin
from markets.selectors.comments import plain_words

#: Points of the profit history; markets that are older are in its first point.
HISTORY_MAX: Final = 200
_PERSON: Final = """
SELECT u.id, u.username, u.is_simulated, u.date_joined, coalesce(p.is_private, false), coalesce(p.about, ''),
       (SELECT count(*) FROM skill_follow f WHERE f.trader_id = u.id),
       EXISTS (SELECT 1 FROM skill_follow f WHERE f.trader_id = u.id AND f.follower_id = %(viewer_id)s)
FROM accounts_user u LEFT JOIN skill_profile p ON p.user_id = u.id
WHERE lower(u.username) = lower(%(handle)s) AND u.is_active
"""
_STANDINGS: Final = """
SELECT s.topic_id, coalesce(t.slug, ''), coalesce(t.name, ''), s.markets, s.won, s.profit, s.scored, s.brier,
       s.market_brier, s.log_loss, s.market_log_loss
FROM skill_standing s LEFT JOIN markets_topic t ON t.id = s.topic_id
WHERE s.season = 'all' AND s.user_id = %(user_id)s
  AND s.topic_id IN (SELECT id FROM markets_topic UNION ALL SELECT 0)
ORDER BY s.topic_id <> 0, s.profit DESC
"""
_BINS: Final = "SELECT bin, forecasts, said, happened FROM skill_traderbin WHERE user_id = %(user_id)s"
_RESULTS: Final = """
SELECT r.market_id, m.slug, m.question, r.settled_at, r.profit, r.trades, r.brier, r.market_brier
FROM skill_result r JOIN markets_market m ON m.id = r.market_id
WHERE r.user_id = %(user_id)s ORDER BY r.settled_at DESC, r.market_id DESC LIMIT %(limit)s
"""
_COMMENTS: Final = """
SELECT c.id, m.slug, m.question, c.text, c.created_at FROM markets_comment c
JOIN markets_market m ON m.id = c.market_id
WHERE c.author_id = %(user_id)s AND c.status = 'shown' ORDER BY c.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    handle: str
    is_simulated: bool
    joined_at: datetime
    is_private: bool
    about: str
    followers: int
    is_followed: bool


@dataclass(frozen=True, slots=True)
class SettledMarket:
    """Cash units; scores 1/1,000,000, empty without a trade of theirs."""

    market_id: int
    slug: str
    question: str
    settled_at: datetime
    profit: int
    trades: int | None
    brier: int | None
    market_brier: int | None

    @property
    def gain(self) -> int | None:
        return None if self.brier is None or self.market_brier is None else self.market_brier - self.brier


@dataclass(frozen=True, slots=True)
class SaidComment:
    id: int
    market_slug: str
    question: str
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TopicRecord:
    slug: str
    name: str
    sums: BoardRow


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """``total`` is empty before the first market is over; ``history``: settlement and profit until then."""

    total: BoardRow | None
    topics: tuple[TopicRecord, ...]
    bins: tuple[Bin, ...]
    forecasts: int
    error: float | None
    results: tuple[SettledMarket, ...]
    history: tuple[tuple[datetime, int], ...]
    streak: int
    badges: tuple[Badge, ...]


def person(handle: str, *, viewer_id: int | None = None) -> Person | None:
    """``None`` when nobody active has that handle."""
    found = fetch_all(_PERSON, {"handle": handle, "viewer_id": viewer_id})
    return Person(*found[0]) if found else None


def is_private(user_id: int) -> bool:
    return Profile.objects.filter(pk=user_id, is_private=True).exists()


def track_record(user_id: int, handle: str) -> TrackRecord:
    """Everything that is over; open positions aren't part of it."""
    standings = fetch_all(_STANDINGS, {"user_id": user_id})
    records = [TopicRecord(slug, name, _sums(user_id, handle, rest)) for _, slug, name, *rest in standings]
    total = next((row.sums for row, found in zip(records, standings, strict=True) if found[0] == 0), None)
    topics = tuple(row for row, found in zip(records, standings, strict=True) if found[0] != 0)
    sums = {row[0]: (row[1], row[2], row[3]) for row in fetch_all(_BINS, {"user_id": user_id})}
    bins = bins_of(sums)
    results = tuple(SettledMarket(*row) for row in fetch_all(_RESULTS, {"user_id": user_id, "limit": HISTORY_MAX}))
    streak, error = winning_streak(one.profit for one in results), curve_error(bins)
    forecasts = sum(one.count for one in bins)
    honours = badges(
        scored=total.scored if total else 0,
        brier_gain=total.brier_gain if total else 0,
        forecasts=forecasts,
        error=error,
        streak=streak,
        topics=sum(one.sums.profit > 0 for one in topics),
    )
    return TrackRecord(total, topics, bins, forecasts, error, results, _history(results, total), streak, honours)


def _sums(user_id: int, handle: str, row: Sequence[Any]) -> BoardRow:
    markets, won, profit, scored, brier, market_brier, log_loss, market_log_loss = row
    return BoardRow(
        user_id=user_id,
        handle=handle,
        is_simulated=False,
        markets=markets,
        won=won,
        profit=profit,
        scored=scored,
        brier=brier,
        market_brier=market_brier,
        log_loss=log_loss,
        market_log_loss=market_log_loss,
        value=profit,
    )


def _history(results: Sequence[SettledMarket], total: BoardRow | None) -> tuple[tuple[datetime, int], ...]:
    """Profit after each settlement, oldest first; it ends at the whole profit."""
    profit = total.profit if total else 0
    points: list[tuple[datetime, int]] = []
    for one in results:
        points.append((one.settled_at, profit))
        profit -= one.profit
    if points:
        points.append((points[-1][0], profit))
    return tuple(reversed(points))


def comments_of(user_id: int, *, limit: int = 5) -> tuple[SaidComment, ...]:
    """The newest that are shown."""
    found = (SaidComment(*row) for row in fetch_all(_COMMENTS, {"user_id": user_id, "limit": limit}))
    return tuple(replace(one, text=plain_words(one.text)) for one in found)
