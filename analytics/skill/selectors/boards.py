"""Leaderboards: traders by profit, or by how much better their forecasts were than the market's price.

Bound      One statement a page, read along an index; nothing is counted. Who has a private profile is on no board.
"""

from dataclasses import dataclass
from datetime import UTC
from typing import Final

from analytics.skill.selectors.rows import fetch_all
from analytics.skill.types import ALL_TIME, ALL_TOPICS, Board
from common import clock
from common.paging import LIMIT_DEFAULT, Page, cut, decode_cursor

_COLUMNS: Final = {Board.PROFIT: "profit", Board.BRIER: "brier_gain", Board.LOG: "log_gain"}
_TOP: Final = 2**62
_SELECT: Final = """
SELECT s.user_id, u.username, u.is_simulated, s.markets, s.won, s.profit, s.scored, s.brier, s.market_brier,
       s.log_loss, s.market_log_loss, s.{column}
FROM skill_standing s JOIN accounts_user u ON u.id = s.user_id AND u.is_active
WHERE s.season = %(season)s AND s.topic_id = %(topic_id)s {scored}
  AND s.{column} <= %(before)s AND (s.{column} < %(before)s OR s.user_id > %(user_id)s)
  AND NOT EXISTS (SELECT 1 FROM skill_profile p WHERE p.user_id = s.user_id AND p.is_private)
ORDER BY s.{column} DESC, s.user_id LIMIT %(limit)s
"""
_TOPIC: Final = "SELECT id, slug, name FROM markets_topic WHERE slug = %(slug)s"
_SEASONS: Final = """
WITH RECURSIVE months AS (
    (SELECT max(season) AS season FROM skill_standing WHERE season < 'a')
    UNION ALL
    SELECT (SELECT max(s.season) FROM skill_standing s WHERE s.season < m.season) FROM months m
    WHERE m.season IS NOT NULL
)
SELECT season FROM months WHERE season IS NOT NULL LIMIT 24
"""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """``scored``: markets with a score. Scores are sums over them in 1/1,000,000, ``profit`` cash units; ``value``
    what the board is sorted by."""

    user_id: int
    handle: str
    is_simulated: bool
    markets: int
    won: int
    profit: int
    scored: int
    brier: int
    market_brier: int
    log_loss: int
    market_log_loss: int
    value: int

    @property
    def brier_gain(self) -> int:
        return self.market_brier - self.brier

    @property
    def log_gain(self) -> int:
        return self.market_log_loss - self.log_loss

    @property
    def mean_brier(self) -> int | None:
        return round(self.brier / self.scored) if self.scored else None

    @property
    def mean_market_brier(self) -> int | None:
        return round(self.market_brier / self.scored) if self.scored else None

    @property
    def mean_log_loss(self) -> int | None:
        return round(self.log_loss / self.scored) if self.scored else None

    @property
    def mean_market_log_loss(self) -> int | None:
        return round(self.market_log_loss / self.scored) if self.scored else None


@dataclass(frozen=True, slots=True)
class TopicRef:
    id: int
    slug: str
    name: str


EVERY_TOPIC: Final = TopicRef(ALL_TOPICS, "", "All topics")


def board(
    kind: Board,
    *,
    season: str = ALL_TIME,
    topic_id: int = ALL_TOPICS,
    limit: int = LIMIT_DEFAULT,
    cursor: str | None = None,
) -> Page[BoardRow]:
    """A page of a board, the best first; ``season`` is ``all`` or a month such as ``2026-11``.

    Raises: CursorInvalid
    """
    name = f"board.{kind}.{season}.{topic_id}"
    before, user_id = (_TOP, 0) if cursor is None else decode_cursor(name, cursor, (int, int))
    statement = _SELECT.format(column=_COLUMNS[kind], scored="" if kind is Board.PROFIT else "AND s.scored > 0")
    parameters = {"season": season, "topic_id": topic_id, "before": before, "user_id": user_id, "limit": limit + 1}
    rows = [BoardRow(*row) for row in fetch_all(statement, parameters)]
    return cut(rows, limit=limit, kind=name, keys=lambda row: (row.value, row.user_id))


def board_topic(slug: str) -> TopicRef | None:
    """``None`` when there is no such topic."""
    if not slug:
        return EVERY_TOPIC
    found = fetch_all(_TOPIC, {"slug": slug})
    return TopicRef(*found[0]) if found else None


def seasons() -> tuple[str, ...]:
    """Months with a settlement, the newest first."""
    return tuple(row[0] for row in fetch_all(_SEASONS, {}))


def this_season() -> str:
    return f"{clock.now().astimezone(UTC):%Y-%m}"
