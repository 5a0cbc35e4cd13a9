"""Lists that many strangers see alike, kept for a moment.

Contract   A page of the front may be ``FRONT_S`` old, one of a search ``SEARCH_S`` and, while one reader renews it,
           ``SEARCH_STALE_S`` more. A change in the life of a market or topic drops them all (``MARKET_LISTS``).
Why        The front page is asked for most and the search costs most; the latter is computed once
           for all processes, and kept by each for ``FRONT_S``.
"""

from typing import Final

from common.caching.memory_cache import memory_cache
from common.caching.redis_cache import redis_cache
from common.paging import Page
from markets.types import MARKET_LISTS
from trading.selectors.market_cards import MarketCard, MarketFilter, MarketSort, market_cards

FRONT_S: Final = 1.0
SEARCH_S: Final = 5.0
SEARCH_STALE_S: Final = 10.0


@memory_cache(FRONT_S, tags=(MARKET_LISTS,), entries_max=200)
def front_page(sort: MarketSort, topic: str, status: str, limit: int) -> Page[MarketCard]:
    """The first page of the published markets; an empty ``topic`` or ``status`` is every one."""
    return market_cards(MarketFilter(topic=topic, status=status), sort=sort, limit=limit)


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
