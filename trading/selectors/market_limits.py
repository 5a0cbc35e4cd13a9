"""What is asked of orders in a market by its own limits, and everywhere by the site's."""

from typing import Final

from django.conf import settings

from common.money import PRICE_SCALE, QUANTITY_SCALE
from markets.services.change_limits import MarketLimits
from trading.selectors.rows import fetch_one

_OWN: Final = """
SELECT max_open_orders, max_order_lots, max_position_lots, price_band FROM markets_market WHERE id = %(market_id)s
"""


def market_limits(market_id: int) -> MarketLimits:
    """Those that staff have set for an existing market."""
    row = fetch_one(_OWN, {"market_id": market_id})
    assert row is not None, "markets are never deleted"
    orders, size, position, band = row
    return MarketLimits(max_open_orders=orders, max_order_lots=size, max_position_lots=position, price_band=band)


def site_limits() -> MarketLimits:
    """The defaults of the configuration; ``None`` where there is no limit."""
    return MarketLimits(
        max_open_orders=settings.ORDERS_OPEN_MAX or None,
        max_order_lots=settings.ORDER_SIZE_MAX * QUANTITY_SCALE or None,
        max_position_lots=settings.POSITION_MAX * QUANTITY_SCALE or None,
        price_band=round(settings.PRICE_BAND * PRICE_SCALE) or None,
    )
