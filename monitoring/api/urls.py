from django.urls import re_path

from monitoring.api import dashboard_views, health_views, performance_views

_PERFORMANCE = r"^performance-dashboard/"
_ADVANCED = r"^advanced-dashboard/"
_DASHBOARD = _ADVANCED + r"dashboards/(?P<dashboard_id>[0-9]{1,18})"

app_name = "monitoring-api"
urlpatterns = [
    re_path(r"^health/?$", health_views.HealthView.as_view(), name="health"),
    re_path(_PERFORMANCE + r"metrics/current/?$", performance_views.CurrentMetricsView.as_view(), name="current"),
    re_path(_PERFORMANCE + r"metrics/history/?$", performance_views.MetricHistoryView.as_view(), name="history"),
    re_path(_PERFORMANCE + r"breakdown/?$", performance_views.MetricBreakdownView.as_view(), name="breakdown"),
    re_path(_PERFORMANCE + r"events/?$", performance_views.MetricEventsView.as_view(), name="events"),
    re_path(_PERFORMANCE + r"alerts/?$", performance_views.MetricAlertsView.as_view(), name="alerts"),
    re_path(_ADVANCED + r"dashboard/summary/?$", dashboard_views.DashboardSummaryView.as_view(), name="summary"),
    re_path(_ADVANCED + r"dashboards/?$", dashboard_views.DashboardsView.as_view(), name="dashboards"),
    re_path(_DASHBOARD + r"/?$", dashboard_views.DashboardView.as_view(), name="dashboard"),
    re_path(_DASHBOARD + r"/share/?$", dashboard_views.DashboardShareView.as_view(), name="share"),
    re_path(
        _ADVANCED + r"shared/(?P<token>[A-Za-z0-9_-]{1,60})/?$",
        dashboard_views.SharedDashboardView.as_view(),
        name="shared",
    ),
]
