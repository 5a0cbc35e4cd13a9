"""Watch a market, or no longer."""

from alerting.errors import WatchRefused
from alerting.models import Watch
from alerting.selectors.notifications import WATCHES_MAX
from common import clock
from trading.selectors.tellable import market_now


def watch_market(*, user_id: int, market_id: int) -> None:
    """From its prices of now on. Safe to repeat.

    Raises: WatchRefused
    """
    found = market_now(market_id)
    if found is None or Watch.objects.filter(user=user_id).count() >= WATCHES_MAX:
        raise WatchRefused(f"Watch at most {WATCHES_MAX} markets; stop watching one first.", field="market_id")
    prices = {str(index): price for index, price in enumerate(found.prices)}
    Watch.objects.get_or_create(
        user_id=user_id, market_id=market_id, defaults={"prices": prices, "created_at": clock.now()}
    )


def unwatch_market(*, user_id: int, market_id: int) -> None:
    Watch.objects.filter(user=user_id, market=market_id).delete()
