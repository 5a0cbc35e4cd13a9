"""The journal of one market, record by record."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markets.errors import MarketNotFound
from markets.models import Market, MarketEvent
from markets.types import EventKind


@dataclass(frozen=True, slots=True)
class StoredRecord:
    seq: int
    kind: EventKind
    at: datetime
    actor_id: int | None
    data: dict[str, Any]


def journal_records(market_id: int) -> Iterator[StoredRecord]:
    """All records in order; streamed, so inside a transaction.

    Raises: MarketNotFound
    """
    if not Market.objects.filter(pk=market_id).exists():
        raise MarketNotFound(f"There is no market {market_id}.", field="/market_id")
    rows = MarketEvent.objects.filter(market_id=market_id).order_by("seq")
    for seq, kind, at, actor_id, data in rows.values_list("seq", "kind", "at", "actor_id", "data").iterator():
        yield StoredRecord(seq, EventKind(kind), at, actor_id, data)
