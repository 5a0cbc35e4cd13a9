"""Where markets stand in their lives, by the names in their addresses."""

from collections.abc import Iterable
from dataclasses import dataclass

from markets.models import Market
from markets.types import MarketStatus


@dataclass(frozen=True, slots=True)
class MarketState:
    market_id: int
    status: MarketStatus


def market_states(slugs: Iterable[str]) -> dict[str, MarketState]:
    """Those that exist, by slug."""
    rows = Market.objects.filter(slug__in=list(slugs)).values_list("slug", "pk", "status")
    return {slug: MarketState(pk, MarketStatus(status)) for slug, pk, status in rows}
