"""Every WebSocket route; anything else is refused before it is accepted."""

from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from django.urls import re_path

from opinion_market.http_bridge import Message, Receive, Send


async def _refuse(scope: Message, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1000})


websocket_application = AuthMiddlewareStack(
    URLRouter([re_path(r"", _refuse)])  # type: ignore[arg-type]
)
