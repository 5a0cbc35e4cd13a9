"""A web process measures itself, and how late its event loop runs.

Contract   ``measure_web`` is called in the event loop, as often as anybody likes; under a server without lifespan
           messages the first request does it. ``stop_measuring`` publishes what is left.
"""

import asyncio

from django.conf import settings

from common.metrics.agent import start_measuring
from common.sockets.consumer import SOCKETS
from monitoring.realtime.agent import stop_agent
from monitoring.realtime.loop_lag import watch_loop
from monitoring.types import Role

_watches: list[asyncio.Task[None]] = []


def measure_web() -> None:
    if settings.METRICS_ENABLED and not _watches:
        start_measuring(Role.WEB)
        # None so far, which is known, unlike in a process that serves none.
        SOCKETS.add(0)
        _watches.append(asyncio.get_running_loop().create_task(watch_loop()))


async def stop_measuring() -> None:
    while _watches:
        _watches.pop().cancel()
    await asyncio.to_thread(stop_agent)
