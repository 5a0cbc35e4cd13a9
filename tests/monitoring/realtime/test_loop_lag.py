import asyncio
import time

from common.metrics.registry import registry
from monitoring.realtime import loop_lag


async def test_a_blocked_loop_is_late(monkeypatch) -> None:
    monkeypatch.setattr(loop_lag, "EVERY_S", 0.01)
    lag = registry.metrics["event_loop_lag_seconds"].of()
    lag.drain()
    watch = asyncio.create_task(loop_lag.watch_loop())
    await asyncio.sleep(0)
    time.sleep(0.2)
    await asyncio.sleep(0.05)
    watch.cancel()
    recorded = lag.drain()
    assert recorded.count >= 2
    assert recorded.high >= 0.15
