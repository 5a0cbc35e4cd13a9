"""Every page and route of the site."""

from django.contrib import admin
from django.urls import include, path, re_path

from accounts.web.announcements import dismiss
from accounts.web.reading import choose_language
from common.api.fallbacks import UnknownRouteView

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("opinion_market.api_urls")),
    re_path(r"^api(?:/.*)?$", UnknownRouteView.as_view()),
    path("accounts/settings/", include("accounts.web.urls")),
    path("accounts/", include("allauth.urls")),
    path("announcements/<int:announcement_id>/dismiss", dismiss, name="announcement-dismiss"),
    path("language", choose_language, name="language"),
    path("", include("analytics.business.web.urls")),
    path("", include("analytics.skill.web.urls")),
    path("", include("analytics.reports.web.urls")),
    path("", include("analytics.market_ai.web.urls")),
    path("", include("monitoring.web.urls")),
    path("", include("monitoring.forecasting.web.urls")),
    path("", include("monitoring.scaling.web.urls")),
    path("", include("monitoring.optimizer.web.urls")),
    path("", include("alerting.web.notification_urls")),
    path("", include("alerting.web.alert_urls")),
    path("", include("common.web.urls")),
    path("", include("trading.web.guide_urls")),
    path("", include("trading.web.moderation_urls")),
    path("", include("trading.web.urls")),
]

handler400 = "common.api.fallbacks.bad_request"
handler500 = "common.api.fallbacks.server_error"
