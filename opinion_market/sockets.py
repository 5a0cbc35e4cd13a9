"""Every WebSocket route; anything else is refused before it is accepted."""

from channels.routing import URLRouter
from django.urls import re_path

from alerting.routing import websocket_urlpatterns as alerting_routes
from analytics.market_ai.routing import websocket_urlpatterns as market_ai_routes
from common.socket_log import SocketLog
from monitoring.routing import websocket_urlpatterns as monitoring_routes
from opinion_market.http_bridge import Message, Receive, Send
from trading.routing import websocket_urlpatterns as trading_routes


async def _refuse(scope: Message, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1000})


# Each consumer reads the session or key by itself, on connections of its own.
_routes = URLRouter([*trading_routes, *monitoring_routes, *alerting_routes, *market_ai_routes, re_path(r"", _refuse)])  # type: ignore[arg-type]
websocket_application = SocketLog(_routes)
