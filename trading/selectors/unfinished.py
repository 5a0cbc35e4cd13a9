"""Work that a nudge should have started; the sweeps look for it."""

from typing import Final

from markets.selectors.due_markets import BATCH_MAX, ENDED, over_among
from trading.models import MarketBook
from trading.selectors.rows import fetch_all

#: Settling needs an empty book, so settled markets are left out; of each of the others one open order is looked for.
_LEFT: Final = """
SELECT b.market_id FROM trading_marketbook b
JOIN markets_market m ON m.id = b.market_id AND m.status = ANY(%(ended)s)
CROSS JOIN LATERAL (
    (SELECT FROM trading_order o WHERE o.market_id = b.market_id AND o.status = 'open' LIMIT 1)
    UNION ALL
    (SELECT FROM trading_order o WHERE o.market_id = b.market_id AND o.status IN ('waiting', 'triggered') LIMIT 1)
    LIMIT 1
) AS resting
WHERE b.settled_at IS NULL
ORDER BY b.market_id
LIMIT %(limit)s
"""


def unsettled_markets() -> list[int]:
    """Resolved and void markets whose positions have not been paid."""
    return over_among(list(MarketBook.objects.filter(settled_at=None).values_list("market_id", flat=True)))


def ended_markets_with_open_orders() -> list[int]:
    """Markets that are closed or later, where orders still rest."""
    return [market_id for (market_id,) in fetch_all(_LEFT, {"ended": list(ENDED), "limit": BATCH_MAX})]
