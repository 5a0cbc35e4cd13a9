"""What has happened in a market that its traders may want to be told.

Contract   Facts of the journal after one number up to another, so that whoever keeps the number tells each once.
           Simulated traders have nobody to tell.
Bound      The newest ``FILLS_MAX`` fills of a market are looked at; holders are as many as there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from trading.selectors.rows import fetch_all, fetch_one

FILLS_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class FilledOrder:
    """A resting order that somebody took from, as it is now. ``quantity`` and ``filled`` lots, ``price`` ticks."""

    order_id: int
    user_id: int
    outcome_name: str
    side: str
    quantity: int
    filled: int
    price: int | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class MarketNow:
    """``prices`` in 1/1,000,000 by outcome, and the outcomes' names. Imported markets have no creator.

    ``series_id``: of the series in which its event stands, if it does.
    """

    slug: str
    question: str
    status: str
    prices: tuple[int, ...]
    outcomes: tuple[str, ...]
    payouts: tuple[int, ...]
    topic_id: int
    creator_id: int | None
    series_id: int | None


_HEADS: Final = "SELECT market_id, seq FROM markets_markethead WHERE seq > 0"
_FILLED: Final = """
SELECT r.id, r.user_id, o.name, r.side, r.quantity, r.filled, r.price, r.status <> 'open'
FROM (
    SELECT DISTINCT recent.maker_order_id AS id FROM (
        SELECT t.maker_order_id, t.seq FROM trading_trade t
        WHERE t.market_id = %(market_id)s ORDER BY t.id DESC LIMIT %(limit)s
    ) recent
    WHERE recent.seq > %(after)s AND recent.seq <= %(upto)s AND recent.maker_order_id IS NOT NULL
) taken
JOIN trading_order r ON r.id = taken.id
JOIN accounts_user u ON u.id = r.user_id AND u.is_active AND NOT u.is_simulated
JOIN markets_outcome o ON o.market_id = r.market_id AND o.index = r.outcome
ORDER BY r.id
"""
_TURNS: Final = """
SELECT DISTINCT kind FROM markets_marketevent
WHERE market_id = %(market_id)s AND seq > %(after)s AND seq <= %(upto)s AND kind IN ('opened', 'closed', 'settled')
"""
_HOLDERS: Final = """
SELECT DISTINCT p.user_id FROM trading_position p
JOIN accounts_user u ON u.id = p.user_id AND u.is_active AND NOT u.is_simulated
WHERE p.market_id = %(market_id)s ORDER BY p.user_id
"""
_NOW: Final = """
SELECT m.slug, m.question, m.status, COALESCE(b.prices, '{}'),
       ARRAY(SELECT o.name FROM markets_outcome o WHERE o.market_id = m.id ORDER BY o.index), COALESCE(m.payouts, '{}'),
       m.topic_id, m.creator_id,
       (SELECT e.series_id FROM markets_seriesevent e WHERE e.name = m.event_group)
FROM markets_market m LEFT JOIN trading_marketbook b ON b.market_id = m.id WHERE m.id = %(market_id)s
"""


def journal_heads() -> dict[int, int]:
    """The newest ``seq`` of every market that has one."""
    return dict(fetch_all(_HEADS, {}))


def filled_orders(market_id: int, *, after: int, upto: int) -> list[FilledOrder]:
    given = {"market_id": market_id, "after": after, "upto": upto, "limit": FILLS_MAX}
    return [FilledOrder(*row) for row in fetch_all(_FILLED, given)]


def turns(market_id: int, *, after: int, upto: int) -> frozenset[str]:
    """Which of ``opened``, ``closed`` and ``settled`` happened."""
    given = {"market_id": market_id, "after": after, "upto": upto}
    return frozenset(kind for (kind,) in fetch_all(_TURNS, given))


def people_who_held(market_id: int) -> Sequence[int]:
    """Everybody who ever had shares in the market."""
    return [user_id for (user_id,) in fetch_all(_HOLDERS, {"market_id": market_id})]


def market_now(market_id: int) -> MarketNow | None:
    row: tuple[Any, ...] | None = fetch_one(_NOW, {"market_id": market_id})
    if row is None:
        return None
    slug, question, status, prices, outcomes, payouts, *places = row
    return MarketNow(slug, question, status, tuple(prices), tuple(outcomes), tuple(payouts), *places)
