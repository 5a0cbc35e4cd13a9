from django.urls import re_path

from analytics.business.api import views

_BUSINESS = r"^business-intelligence/"

app_name = "business-api"
urlpatterns = [
    re_path(_BUSINESS + r"market-analytics/?$", views.MarketAnalyticsView.as_view(), name="market-analytics"),
    re_path(_BUSINESS + r"revenue-analytics/?$", views.RevenueAnalyticsView.as_view(), name="revenue-analytics"),
    re_path(_BUSINESS + r"predictive-insights/?$", views.PredictiveInsightsView.as_view(), name="predictive-insights"),
    re_path(_BUSINESS + r"dashboard-summary/?$", views.DashboardSummaryView.as_view(), name="dashboard-summary"),
    re_path(_BUSINESS + r"kpi-summary/?$", views.KpiSummaryView.as_view(), name="kpi-summary"),
    re_path(_BUSINESS + r"metrics/?$", views.MetricsView.as_view(), name="metrics"),
    re_path(_BUSINESS + r"metrics/(?P<name>[a-z0-9_]{1,60})/?$", views.MetricView.as_view(), name="metric"),
    re_path(_BUSINESS + r"recommendations/?$", views.RecommendationsView.as_view(), name="recommendations"),
]
