"""The dashboards and the pages of the API at their addresses under /api/v1."""

from django.urls import re_path

from monitoring.web.api_docs import DocsView, OperationDocsView
from monitoring.web.pages import AdvancedDashboardPage, PerformanceDashboardPage

urlpatterns = [
    re_path(r"^docs/?$", DocsView.as_view(), name="api-docs"),
    re_path(r"^docs/(?P<operation_id>[A-Za-z0-9]{1,80})/?$", OperationDocsView.as_view(), name="api-docs-operation"),
    re_path(
        r"^performance-dashboard/dashboard/?$", PerformanceDashboardPage.as_view(), name="performance-dashboard-page"
    ),
    re_path(
        r"^advanced-dashboard/dashboard/advanced/?$", AdvancedDashboardPage.as_view(), name="advanced-dashboard-page"
    ),
]
