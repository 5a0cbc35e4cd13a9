"""Every page and route of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("opinion_market.api_urls")),
    path("", include("monitoring.web.urls")),
]
