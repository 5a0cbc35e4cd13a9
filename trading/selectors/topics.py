"""Topics in the order of the home page."""

from dataclasses import dataclass
from typing import Final

from common.caching.memory_cache import memory_cache
from markets.types import MARKET_LISTS
from trading.selectors.rows import fetch_all


@dataclass(frozen=True, slots=True)
class TopicView:
    id: int
    slug: str
    name: str


TOPICS: Final = """
SELECT t.id, t.slug, t.name
FROM markets_topic t
WHERE EXISTS (SELECT FROM markets_market m WHERE m.topic_id = t.id AND m.status <> 'draft')
ORDER BY t.position, t.name
LIMIT 50
"""


@memory_cache(60, stale_s=60, tags=(MARKET_LISTS,))
def topics() -> tuple[TopicView, ...]:
    """Every topic that has a published market."""
    return tuple(TopicView(*row) for row in fetch_all(TOPICS, {}))
