"""Why trading of a market ended before its time, or stands still.

Bound      One statement back from the end of the journal, where the close or halt is; kept for half a minute by each
           process.
"""

from dataclasses import dataclass
from datetime import datetime

from common.caching.memory_cache import memory_cache
from markets.models import MarketEvent
from markets.types import MARKET_LISTS, EventKind


@memory_cache(30.0, stale_s=30.0, tags=(MARKET_LISTS,), entries_max=500)
def close_reason(market_id: int) -> str:
    """What whoever closed it said; empty if nobody did."""
    records = MarketEvent.objects.filter(market=market_id, kind=EventKind.CLOSED.value).order_by("-seq")
    data = records.values_list("data", flat=True).first() or {}
    return str(data.get("reason", ""))


@dataclass(frozen=True, slots=True)
class Halt:
    """``reason`` is what whoever halted it said; it is public."""

    at: datetime
    reason: str


@memory_cache(30.0, stale_s=30.0, tags=(MARKET_LISTS,), entries_max=500)
def newest_halt(market_id: int, seq: int) -> Halt | None:
    """The last halt up to record ``seq``; whether trading goes on since is the market's status."""
    records = MarketEvent.objects.filter(market=market_id, kind=EventKind.HALTED.value, seq__lte=seq).order_by("-seq")
    row = records.values_list("at", "data").first()
    return None if row is None else Halt(row[0], str(row[1].get("reason", "")))
