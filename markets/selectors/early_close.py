"""Why trading of a market ended before its time.

Bound      One statement back from the end of the journal, where the close is; kept for half a minute by each process.
"""

from common.caching.memory_cache import memory_cache
from markets.models import MarketEvent
from markets.types import MARKET_LISTS, EventKind


@memory_cache(30.0, stale_s=30.0, tags=(MARKET_LISTS,), entries_max=500)
def close_reason(market_id: int) -> str:
    """What whoever closed it said; empty if nobody did."""
    records = MarketEvent.objects.filter(market=market_id, kind=EventKind.CLOSED.value).order_by("-seq")
    data = records.values_list("data", flat=True).first() or {}
    return str(data.get("reason", ""))
