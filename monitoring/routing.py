"""WebSocket routes of the dashboards; the wiring adds them to the site's."""

from django.urls import re_path

from monitoring.consumers import DashboardConsumer

websocket_urlpatterns = [
    re_path(r"^api/v1/(?:performance|advanced)-dashboard/ws/?$", DashboardConsumer.as_asgi()),
]
