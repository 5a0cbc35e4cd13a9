"""Wiring of the admin site: opening a market also funds its maker rule, which an app above does."""

from django.contrib import admin

from markets.admin import MarketAdmin
from trading.services.open_market import open_market


def _open(market_id: int, actor_id: int) -> int:
    return open_market(market_id, actor_id=actor_id)


MarketAdmin.opening = staticmethod(_open)
admin.site.site_title = admin.site.site_header = "Opinion Market"
admin.site.index_title = "Administration"
