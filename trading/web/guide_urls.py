"""What explains the API to those who write programs."""

from django.urls import re_path

from trading.web.error_pages import error_page
from trading.web.guides import guide

app_name = "guides"
urlpatterns = [
    re_path(r"^docs/guides/(?P<name>[a-z-]{1,40})/?$", guide, name="guide"),
    re_path(r"^docs/errors/(?P<code>[a-z0-9_]{1,40}(?:\.[a-z0-9_]{1,60})+)/?$", error_page, name="error"),
]
