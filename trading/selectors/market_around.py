"""What stands around a market: who holds most of it, and which other markets are near.

Bound      One statement each, kept for ``AGE_S`` by each process and, while one reader renews it, as long again.
           Holders read the market's own positions; neighbours come by the indexes of event, topic and question.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from common.caching.memory_cache import memory_cache
from markets.types import MARKET_LISTS
from trading.selectors.market_cards import CARD_COLUMNS, CARD_TABLES, MarketCard, card_from
from trading.selectors.rows import fetch_all

AGE_S: Final = 30.0
HOLDERS: Final = 5
NEIGHBOURS: Final = 4
_NEAR_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Holder:
    """``quantity`` in lots."""

    outcome: int
    outcome_name: str
    handle: str
    is_simulated: bool
    quantity: int


_HOLDERS: Final = """
SELECT r.outcome, o.name, u.username, u.is_simulated, r.quantity
FROM (
    SELECT p.outcome, p.user_id, p.quantity,
           row_number() OVER (PARTITION BY p.outcome ORDER BY p.quantity DESC, p.user_id) AS place
    FROM trading_position p
    WHERE p.market_id = %(market_id)s AND p.user_id IS NOT NULL AND p.quantity > 0
) r
JOIN markets_outcome o ON o.market_id = %(market_id)s AND o.index = r.outcome
JOIN accounts_user u ON u.id = r.user_id
WHERE r.place <= %(limit)s AND r.outcome = ANY (%(outcomes)s::int[])
ORDER BY array_position(%(outcomes)s::int[], r.outcome::int), r.place
"""
# Constants only are joined here; every value is a bound parameter.
_NEAR: Final = f"""
WITH me AS (SELECT id, topic_id, tags, event_group, question FROM markets_market WHERE id = %(market_id)s),
near AS (
    (SELECT m.id FROM markets_market m, me WHERE m.event_group = me.event_group AND me.event_group <> ''
     ORDER BY m.id DESC LIMIT %(near)s)
    UNION
    (SELECT m.id FROM markets_market m, me WHERE m.topic_id = me.topic_id AND m.status = 'open'
     ORDER BY m.id DESC LIMIT %(near)s)
    UNION
    (SELECT m.id FROM markets_market m, me WHERE UPPER(m.question) %% UPPER(me.question) LIMIT %(near)s)
)
SELECT {CARD_COLUMNS}
FROM {CARD_TABLES}, me
WHERE m.id IN (SELECT id FROM near) AND m.id <> me.id AND m.status <> 'draft'
ORDER BY (m.event_group = me.event_group AND me.event_group <> '') DESC, (m.status = 'open') DESC,
    cardinality(ARRAY(SELECT unnest(m.tags) INTERSECT SELECT unnest(me.tags)))
        + 2 * similarity(UPPER(m.question), UPPER(me.question)) DESC,
    COALESCE(b.volume_24h, 0) DESC, m.id DESC
LIMIT %(limit)s
"""  # noqa: S608
_EVENT: Final = f"""
SELECT {CARD_COLUMNS}
FROM {CARD_TABLES}
WHERE m.event_group = %(name)s AND m.status <> 'draft'
ORDER BY m.closes_at, m.id LIMIT %(limit)s
"""  # noqa: S608
EVENT_MAX: Final = 100
_CHOSEN: Final = f"SELECT {CARD_COLUMNS} FROM {CARD_TABLES} WHERE m.id = ANY(%(ids)s)"  # noqa: S608


@memory_cache(AGE_S, stale_s=AGE_S, entries_max=500)
def holders(market_id: int, outcomes: tuple[int, ...]) -> tuple[Holder, ...]:
    """Who holds most of each of these outcomes, in their order."""
    parameters = {"market_id": market_id, "outcomes": list(outcomes), "limit": HOLDERS}
    return tuple(Holder(*row) for row in fetch_all(_HOLDERS, parameters))


@memory_cache(AGE_S, stale_s=AGE_S, tags=(MARKET_LISTS,), entries_max=500)
def neighbours(market_id: int) -> tuple[MarketCard, ...]:
    """Markets of the same event, then those of the topic that share tags and words."""
    parameters = {"market_id": market_id, "near": _NEAR_MAX, "limit": NEIGHBOURS}
    return tuple(card_from(row) for row in fetch_all(_NEAR, parameters))


@memory_cache(1.0, tags=(MARKET_LISTS,), entries_max=200)
def event_markets(name: str) -> tuple[MarketCard, ...]:
    """The published markets of one event, the first to end first; at most ``EVENT_MAX``."""
    return tuple(card_from(row) for row in fetch_all(_EVENT, {"name": name, "limit": EVENT_MAX}))


def chosen_markets(market_ids: Sequence[int]) -> dict[int, MarketCard]:
    """The markets with these ids, by id; asks nothing for none."""
    rows = fetch_all(_CHOSEN, {"ids": list(market_ids)}) if market_ids else []
    return {card.id: card for card in map(card_from, rows)}
