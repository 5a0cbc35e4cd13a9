from django.urls import re_path

from monitoring.web.metrics import metrics
from monitoring.web.pages import AdvancedDashboardPage, PerformanceDashboardPage
from monitoring.web.traces import traces
from monitoring.web.views import health, ready

app_name = "monitoring"
urlpatterns = [
    re_path(r"^health/?$", health, name="health"),
    re_path(r"^ready/?$", ready, name="ready"),
    re_path(r"^metrics/?$", metrics, name="metrics"),
    re_path(r"^traces/?$", traces, name="traces"),
    re_path(r"^operations/?$", PerformanceDashboardPage.as_view(), name="operations"),
    re_path(r"^operations/advanced/?$", AdvancedDashboardPage.as_view(), name="operations-advanced"),
]
