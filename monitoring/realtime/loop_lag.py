"""How late an event loop runs what is due.

Contract   ``watch_loop`` runs until it is cancelled and costs the loop about a thousandth.
"""

import asyncio
import time
from typing import Final

from common.metrics.registry import registry

EVERY_S: Final = 0.1
_LAG: Final = registry.sketch("event_loop_lag_seconds", "How late the event loop ran what was due.").of()


async def watch_loop() -> None:
    while True:
        due = time.perf_counter() + EVERY_S
        await asyncio.sleep(EVERY_S)
        _LAG.record(max(time.perf_counter() - due, 0.0))
