"""WebSocket routes of alerting; the wiring adds them to the site's."""

from django.urls import re_path

from alerting.consumers import BellConsumer

websocket_urlpatterns = [re_path(r"^ws/v1/notifications/?$", BellConsumer.as_asgi())]
