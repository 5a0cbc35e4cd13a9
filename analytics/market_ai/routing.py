"""WebSocket route of the market AI; the wiring adds it to the site's."""

from django.urls import re_path

from analytics.market_ai.consumers import AnalyticsConsumer

websocket_urlpatterns = [
    re_path(r"^api/v1/ai-analytics/ws/analytics/(?P<client_id>[A-Za-z0-9_.-]{1,64})/?$", AnalyticsConsumer.as_asgi()),
]
