"""Metrics of markets, traders and the site."""

from django.http import HttpRequest, HttpResponse

from analytics.market_ai.api import analytics_operations as operations
from analytics.market_ai.api.analytics_documents import market_document, site_document, trader_document
from analytics.market_ai.api.readers import check_may_read_market, check_may_read_trader
from analytics.market_ai.selectors.analytics_market import market_analytics
from analytics.market_ai.selectors.analytics_site import site_analytics
from analytics.market_ai.selectors.analytics_trader import trader_analytics
from common.api.access import MEASURE, READ
from common.api.errors import NotFound
from common.api.fields import Fields
from common.api.responses import json_response
from common.api.views import ApiView


class MarketAnalyticsView(ApiView):
    access = READ

    @operations.get_market_analytics
    def get(self, request: HttpRequest, market_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        found = market_analytics(int(market_id))
        check_may_read_market(request, None if found is None else found.market)
        assert found is not None
        return json_response(market_document(found))


class TraderAnalyticsView(ApiView):
    access = READ

    @operations.get_trader_analytics
    def get(self, request: HttpRequest, user_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        check_may_read_trader(request, int(user_id))
        found = trader_analytics(int(user_id))
        if found is None:
            raise NotFound("There is no such trader, or you may not read their figures.")
        return json_response(trader_document(found))


class SiteAnalyticsView(ApiView):
    access = MEASURE

    @operations.get_site_analytics
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return json_response(site_document(site_analytics()))
