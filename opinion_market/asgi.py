"""One port: HTTP goes to the WSGI application through a bridge, sockets to Channels."""

import asyncio
import os

from opinion_market.site_handler import is_single_order, site_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
wsgi_application = site_application()

# Django is set up from here on, which the modules below need.
from django.conf import settings  # noqa: E402

from common.caching import clients  # noqa: E402
from common.logs.setup import log_what_nobody_catches  # noqa: E402
from common.logs.writer import writer  # noqa: E402
from common.sockets.hub import dismiss_all  # noqa: E402
from common.tracing import tracing  # noqa: E402
from common.tuning.reading import on_change  # noqa: E402
from opinion_market.garbage import calm_collector  # noqa: E402
from opinion_market.http_bridge import HttpBridge, Message, Receive, Send  # noqa: E402
from opinion_market.measuring import measure_web, stop_measuring  # noqa: E402
from opinion_market.memory import stop_watching_memory, watch_web_memory  # noqa: E402
from opinion_market.sockets import websocket_application  # noqa: E402

bridge = HttpBridge(
    wsgi_application,
    body_max_bytes=settings.HTTP_BODY_MAX_BYTES,
    threads=settings.HTTP_THREADS,
    is_shared=is_single_order,
)
on_change("http_threads", bridge.resize)


async def application(scope: Message, receive: Receive, send: Send) -> None:
    measure_web()
    if scope["type"] == "http":
        await bridge(scope, receive, send)
    elif scope["type"] == "websocket":
        await websocket_application(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _live(receive, send)


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    calm_collector()
    log_what_nobody_catches()
    watch_web_memory()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await dismiss_all()
    await bridge.shutdown()
    stop_watching_memory()
    await clients.close_async()
    await stop_measuring()
    writer.flush()
    await asyncio.to_thread(tracing.stop)
    await send({"type": "lifespan.shutdown.complete"})
