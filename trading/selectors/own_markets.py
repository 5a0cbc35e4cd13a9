"""The markets that somebody has made, with what they brought and cost, for the creator's own page.

Method     While a market isn't settled, its maker rule has lost ``b (ln n + sum w ln w)`` on the average of its prices
           ``w``: nothing when they are equal, the whole subsidy when one of them is certain. Once it is settled, the
           journal's record says what came back.
Bound      One statement a page, by the index of creators; totals one more.
"""

from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Any, Final

from common.money import CASH_SCALE, QUANTITY_SCALE
from common.paging import Page, cut, decode_cursor
from trading.engine.lmsr import subsidy
from trading.selectors.rows import fetch_all, fetch_one

PAGE_SIZE: Final = 20
_KIND: Final = "own-markets"
_NEWEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class OwnMarket:
    """Cash in units. ``subsidy`` is the most that the maker rule can lose, ``lost`` what it has lost (below 0: earned),
    by the average of its prices until ``is_final``; ``None`` when the record of a settled one is in the archive."""

    id: int
    slug: str
    question: str
    status: str
    closes_at: datetime
    challenge_ends_at: datetime | None
    proposes: bool
    volume: int
    traders: int
    comments: int
    fees: int | None
    subsidy: int
    lost: int | None
    is_final: bool
    plan_id: int | None
    is_waiting: bool

    @property
    def left(self) -> int | None:
        """Of the subsidy, never more than all of it."""
        return None if self.lost is None else min(self.subsidy, self.subsidy - self.lost)

    @property
    def todo(self) -> str:
        """What its creator has to do now: ``publish``, ``propose``, or nothing."""
        if self.status == "draft":
            return "" if self.is_waiting else "publish"
        return "propose" if self.status == "closed" and self.proposes else ""


@dataclass(frozen=True, slots=True)
class OwnTotals:
    markets: int
    open: int
    todo: int
    volume: int


_SELECT: Final = """
SELECT m.id, m.slug, m.question, m.status, m.closes_at, m.challenge_ends_at,
    m.resolution_policy = 'creator' AND NOT m.is_staff_turn,
    COALESCE(b.volume, 0), COALESCE(b.traders, 0),
    (SELECT count(*) FROM (SELECT FROM markets_comment k WHERE k.market_id = m.id LIMIT 1000) c),
    COALESCE(f.cash, 0), m.liquidity_lots,
    (SELECT count(*) FROM markets_outcome o WHERE o.market_id = m.id), b.prices, b.settled_at IS NOT NULL,
    s.returned, s.fees, p.id,
    EXISTS (SELECT FROM markets_case w WHERE w.market_id = m.id AND w.status = 'waiting' AND w.kind = 'approval')
FROM markets_market m
LEFT JOIN trading_marketbook b ON b.market_id = m.id
LEFT JOIN trading_account f ON f.market_id = m.id AND f.kind = 'fees'
LEFT JOIN markets_marketplan p ON p.market_id = m.id AND m.status = 'draft' AND p.creator_id = m.creator_id
LEFT JOIN LATERAL (
    SELECT (e.data->>'returned')::bigint AS returned, (e.data->>'fees')::bigint AS fees
    FROM markets_marketevent e
    WHERE b.settled_at IS NOT NULL AND e.market_id = m.id AND e.kind = 'settled' ORDER BY e.seq DESC LIMIT 1
) s ON true
WHERE m.creator_id = %(creator_id)s AND m.id < %(before)s
  AND (NOT %(is_todo)s OR m.status = 'draft'
       OR (m.status = 'closed' AND m.resolution_policy = 'creator' AND NOT m.is_staff_turn))
ORDER BY m.id DESC LIMIT %(limit)s
"""
_TOTALS: Final = """
SELECT count(*), count(*) FILTER (WHERE m.status = 'open'),
    count(*) FILTER (WHERE m.status = 'draft'
        OR (m.status = 'closed' AND m.resolution_policy = 'creator' AND NOT m.is_staff_turn)),
    COALESCE(sum(b.volume), 0)::bigint
FROM markets_market m LEFT JOIN trading_marketbook b ON b.market_id = m.id WHERE m.creator_id = %(creator_id)s
"""


def own_markets(
    creator_id: int, *, is_todo: bool = False, cursor: str | None = None, limit: int = PAGE_SIZE
) -> Page[OwnMarket]:
    """The newest first; ``is_todo``: only those with something to do. Raises: CursorInvalid"""
    before = _NEWEST if cursor is None else decode_cursor(_KIND, cursor, (int,))[0]
    parameters = {"creator_id": creator_id, "before": before, "is_todo": is_todo, "limit": limit + 1}
    found = [_own_market(row) for row in fetch_all(_SELECT, parameters)]
    return cut(found, limit=limit, kind=_KIND, keys=lambda market: (market.id,))


def own_totals(creator_id: int) -> OwnTotals:
    row = fetch_one(_TOTALS, {"creator_id": creator_id})
    assert row is not None, "an aggregate has a row"
    return OwnTotals(*row)


def _own_market(row: tuple[Any, ...]) -> OwnMarket:
    fees, liquidity, outcomes, prices, is_final, returned, paid_fees, plan_id, is_waiting = row[10:]
    most = subsidy(liquidity, outcomes) if liquidity and outcomes >= 2 else 0
    lost = (None if returned is None else most - returned) if is_final else expected_loss(liquidity, prices or ())
    figures = (paid_fees if is_final else fees, most, lost if most else 0, is_final, plan_id, is_waiting)
    # Unpacked at once, so that the columns and the fields stay in one order.
    fields: tuple[Any, ...] = (*row[:10], *figures)
    return OwnMarket(*fields)


def expected_loss(liquidity: int, prices: list[int] | tuple[int, ...]) -> int:
    """Units that the rule has lost on the average of ``prices`` (1/1,000,000); 0 before there are any."""
    total = sum(prices)
    if not liquidity or total <= 0:
        return 0
    parts = [price / total for price in prices if price > 0]
    lost = log(len(prices)) + sum(part * log(part) for part in parts)
    return max(0, round(liquidity / QUANTITY_SCALE * lost * CASH_SCALE))
