"""Lists that many strangers see alike, kept for a moment.

Contract   A page of the front may be ``FRONT_S`` old, one of a search ``SEARCH_S`` and, while one reader renews it,
           ``SEARCH_STALE_S`` more. A change in the life of a market or topic drops them all (``MARKET_LISTS``).
Why        The front page is asked for most and the search costs most; the latter is computed once
           for all processes, and kept by each for ``FRONT_S``.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from common.caching.memory_cache import memory_cache
from common.caching.redis_cache import redis_cache
from common.clock import now
from common.paging import Page
from markets.types import MARKET_LISTS
from trading.selectors.market_cards import MarketCard, MarketFilter, MarketSort, market_cards

FRONT_S: Final = 1.0
MOVING_S: Final = 10.0
SHELF: Final = 5
CLOSING_WITHIN: Final = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
SEARCH_S: Final = 5.0
SEARCH_STALE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class MovingNow:
    """Open markets: those whose price moved most in 24 hours, those that end first, the newest and the most traded."""

    movers: tuple[MarketCard, ...]
    closing: tuple[MarketCard, ...]
    newest: tuple[MarketCard, ...]
    busiest: tuple[MarketCard, ...]


@memory_cache(FRONT_S, tags=(MARKET_LISTS,), entries_max=200)
def front_page(sort: MarketSort, topic: str, status: str, limit: int) -> Page[MarketCard]:
    """The first page of the published markets; an empty ``topic`` or ``status`` is every one."""
    return market_cards(MarketFilter(topic=topic, status=status), sort=sort, limit=limit)


@memory_cache(FRONT_S, tags=(MARKET_LISTS,), entries_max=200)
def filtered_page(wanted: MarketFilter, sort: MarketSort, within: str, limit: int) -> Page[MarketCard]:
    """The first page of what passes a filter; ``within`` names how soon it closes, see ``CLOSING_WITHIN``."""
    return market_cards(closing_within(wanted, within), sort=sort, limit=limit)


def closing_within(wanted: MarketFilter, within: str) -> MarketFilter:
    """The filter for markets that close within the time of this name; unchanged for no name."""
    return replace(wanted, closes_before=now() + CLOSING_WITHIN[within]) if within else wanted


@memory_cache(MOVING_S, stale_s=MOVING_S, tags=(MARKET_LISTS,), entries_max=50)
def moving_now(topic: str) -> MovingNow:
    """What a reader who asked for nothing should see first, of one topic or (empty) of all."""
    open_ones = MarketFilter(topic=topic, status="open")
    movers = market_cards(open_ones, sort=MarketSort.MOVE_24H, limit=SHELF).items
    return MovingNow(
        movers=tuple(card for card in movers if card.move_24h),
        closing=market_cards(open_ones, sort=MarketSort.CLOSING, limit=SHELF).items,
        newest=market_cards(open_ones, sort=MarketSort.NEWEST, limit=SHELF).items,
        busiest=market_cards(open_ones, sort=MarketSort.VOLUME, limit=SHELF).items,
    )


def search_page(words: str, sort: MarketSort, topic: str, status: str, limit: int) -> Page[MarketCard]:
    """The first page of what ``words`` find."""
    return _recent_search_page(" ".join(words.casefold().split()), sort, topic, status, limit)


@memory_cache(FRONT_S, tags=(MARKET_LISTS,), entries_max=200)
def _recent_search_page(words: str, sort: MarketSort, topic: str, status: str, limit: int) -> Page[MarketCard]:
    return stored_search_page(words, sort, topic, status, limit)


@redis_cache(SEARCH_S, stale_s=SEARCH_STALE_S, tags=(MARKET_LISTS,))
def stored_search_page(words: str, sort: MarketSort, topic: str, status: str, limit: int) -> Page[MarketCard]:
    """The same from the store that all processes share."""
    return market_cards(MarketFilter(q=words, topic=topic, status=status), sort=sort, limit=limit)
