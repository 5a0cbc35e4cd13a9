from django.urls import re_path

from analytics.market_ai.api import analytics, insights

_AI = r"^ai-analytics/"
_MARKET = r"market/(?P<market_id>[0-9]{1,18})/?$"

app_name = "market-analytics-api"
urlpatterns = [
    re_path(_AI + r"analytics/" + _MARKET, analytics.MarketAnalyticsView.as_view(), name="market"),
    re_path(
        _AI + r"analytics/user/(?P<user_id>[0-9]{1,18})/?$", analytics.TraderAnalyticsView.as_view(), name="trader"
    ),
    re_path(_AI + r"analytics/system/?$", analytics.SiteAnalyticsView.as_view(), name="site"),
    re_path(_AI + r"insights/" + _MARKET, insights.MarketInsightsView.as_view(), name="market-insights"),
    re_path(
        _AI + r"insights/portfolio/(?P<user_id>[0-9]{1,18})/?$",
        insights.PortfolioInsightsView.as_view(),
        name="portfolio-insights",
    ),
]
