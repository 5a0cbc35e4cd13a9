"""The one message of the analytics socket, as text."""

from collections.abc import Sequence

import orjson

from analytics.market_ai.selectors.analytics_site import SiteAnalytics, site_analytics, top_markets
from common import clock
from common.clock import rfc3339
from common.money import format_cash
from trading.selectors.market_cards import MarketCard

_MILLION = 1_000_000


def current_frame() -> str:
    """The site and its busiest markets now."""
    return frame_text(site_analytics(), top_markets())


def frame_text(site: SiteAnalytics, markets: Sequence[MarketCard]) -> str:
    """Credits and prices as decimal strings; a price is of yes, or of the likeliest outcome."""
    return orjson.dumps(
        {
            "type": "analytics_update",
            "timestamp": rfc3339(clock.now()),
            "system_metrics": {
                "total_users": site.total_users,
                "active_users": site.active_users_24h,
                "total_volume_24h": format_cash(site.volume_24h),
                "total_trades_24h": site.trades_24h,
            },
            "top_markets": [
                {
                    "market_id": market.id,
                    "current_price": _price(market.leader.price),
                    "volume_24h": format_cash(market.volume_24h),
                    "price_change_24h": _price(market.leader.change_24h),
                }
                for market in markets
            ],
        }
    ).decode()


def _price(micro: int | None) -> str | None:
    if micro is None:
        return None
    sign = "-" if micro < 0 else ""
    return f"{sign}{abs(micro) // _MILLION}.{abs(micro) % _MILLION:06d}"
