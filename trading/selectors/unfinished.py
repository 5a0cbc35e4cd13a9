"""Work that a nudge should have started; the sweeps look for it."""

from typing import Final

from markets.selectors.due_markets import ended_among, over_among
from trading.models import MarketBook, Order

BATCH_MAX: Final = 5_000


def unsettled_markets() -> list[int]:
    """Resolved and void markets whose positions have not been paid."""
    return over_among(list(MarketBook.objects.filter(settled_at=None).values_list("market_id", flat=True)))


def ended_markets_with_open_orders() -> list[int]:
    """Markets that are closed or later, where orders still rest."""
    resting = Order.objects.filter(status="open").order_by().values_list("market_id", flat=True).distinct()
    return ended_among(list(resting[:BATCH_MAX]))
