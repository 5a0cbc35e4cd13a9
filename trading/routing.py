"""WebSocket routes of trading; the wiring adds them to the site's."""

from django.urls import re_path

from trading.consumers import StreamConsumer

websocket_urlpatterns = [re_path(r"^ws/v1/stream/?$", StreamConsumer.as_asgi())]
