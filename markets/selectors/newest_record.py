"""The newest record of one kind in a market's journal."""

from markets.models import MarketEvent
from markets.types import EventKind


def newest_seq(market_id: int, kind: EventKind) -> int | None:
    """Its ``seq``, if the table still has one; read backwards, so that a recent one is found at once."""
    found = MarketEvent.objects.filter(market_id=market_id, kind=kind.value).order_by("-seq")
    return found.values_list("seq", flat=True).first()
