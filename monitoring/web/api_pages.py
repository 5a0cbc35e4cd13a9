"""The dashboards at their addresses under /api/v1."""

from django.urls import re_path

from monitoring.web.pages import AdvancedDashboardPage, PerformanceDashboardPage

urlpatterns = [
    re_path(
        r"^performance-dashboard/dashboard/?$", PerformanceDashboardPage.as_view(), name="performance-dashboard-page"
    ),
    re_path(
        r"^advanced-dashboard/dashboard/advanced/?$", AdvancedDashboardPage.as_view(), name="advanced-dashboard-page"
    ),
]
