"""Markets that came from elsewhere, by the ids they had there."""

from dataclasses import dataclass

from markets.models import Market
from markets.types import MarketStatus


@dataclass(frozen=True, slots=True)
class ImportedMarket:
    market_id: int
    status: MarketStatus


def imported_markets(source: str) -> dict[str, ImportedMarket]:
    """By ``source_id``, every market of ``source``."""
    rows = Market.objects.filter(source=source).values_list("source_id", "pk", "status")
    return {source_id: ImportedMarket(pk, MarketStatus(status)) for source_id, pk, status in rows}


def imported_status(market_id: int) -> MarketStatus:
    return MarketStatus(Market.objects.values_list("status", flat=True).get(pk=market_id))
