"""Everything under /api/v1, app by app."""

from django.urls import URLPattern, URLResolver, include, re_path

from common.api.fallbacks import UnknownRouteView
from common.api.limit_views import LimitsView
from common.api.schema_views import SchemaView
from trading.api.stream_views import StreamSchemaView

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(r"^limits/?$", LimitsView.as_view(), name="limits"),
    re_path(r"^schema/?$", SchemaView.as_view(), name="schema"),
    re_path(r"^asyncapi\.json$", StreamSchemaView.as_view(), name="stream-schema"),
    re_path(r"^", include("common.api.job_urls")),
    re_path(r"^", include("trading.api.urls")),
    re_path(r"^", include("monitoring.api.urls")),
    re_path(r"^", include("monitoring.forecasting.api.urls")),
    re_path(r"^", include("monitoring.scaling.api.urls")),
    re_path(r"^", include("monitoring.optimizer.api.urls")),
    re_path(r"^", include("analytics.reports.api.urls")),
    re_path(r"^", include("analytics.market_ai.api.urls")),
    re_path(r"^", include("analytics.market_ai.api.analytics_urls")),
    re_path(r"^", include("analytics.business.api.urls")),
    re_path(r"^", include("analytics.skill.api.urls")),
    re_path(r"^", include("alerting.api.urls")),
    re_path(r"^", include("monitoring.web.api_pages")),
    re_path(r"^", UnknownRouteView.as_view(), name="unknown-route"),
]
