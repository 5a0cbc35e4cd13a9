"""What stands out in a market and in a portfolio."""

from django.http import HttpRequest, HttpResponse

from analytics.market_ai.api import analytics_operations as operations
from analytics.market_ai.api.analytics_documents import market_insights_document, portfolio_document
from analytics.market_ai.api.readers import check_may_read_market, check_may_read_trader
from analytics.market_ai.selectors.insights_market import market_insights
from analytics.market_ai.selectors.insights_portfolio import portfolio_insights
from common.api.access import READ
from common.api.errors import NotFound
from common.api.fields import Fields
from common.api.responses import json_response
from common.api.views import ApiView


class MarketInsightsView(ApiView):
    access = READ

    @operations.get_market_insights
    def get(self, request: HttpRequest, market_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        found = market_insights(int(market_id))
        check_may_read_market(request, None if found is None else found.market)
        assert found is not None
        return json_response(market_insights_document(found))


class PortfolioInsightsView(ApiView):
    access = READ

    @operations.get_portfolio_insights
    def get(self, request: HttpRequest, user_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        check_may_read_trader(request, int(user_id))
        found = portfolio_insights(int(user_id))
        if found is None:
            raise NotFound("There is no such trader, or you may not read their figures.")
        return json_response(portfolio_document(found))
