import threading

import pytest

from common import memory_monitor
from common.memory_monitor import MemoryMonitor, collect_garbage, resident_bytes

MIB = 1024 * 1024


def test_resident_memory_follows_what_is_held() -> None:
    before = resident_bytes()
    held = bytearray(b"x" * (64 * MIB))
    after = resident_bytes()
    assert 40 * MIB < after - before < 200 * MIB
    del held
    collect_garbage()
    assert resident_bytes() < after - 40 * MIB


def test_garbage_is_collected_before_anything_else(monkeypatch: pytest.MonkeyPatch) -> None:
    now, sizes, collected = [100.0], [150, 90, 150, 150, 150, 150], []
    monkeypatch.setattr(memory_monitor.time, "monotonic", lambda: now[0])
    monitor = MemoryMonitor(100, measure=lambda: sizes.pop(0), collect=lambda: collected.append(now[0]))
    assert not monitor.is_above()
    assert collected == [100]
    # Not again so soon.
    assert monitor.is_above()
    assert collected == [100]
    now[0] += 10
    assert monitor.is_above()
    assert collected == [100, 110]


def test_below_the_threshold_nothing_is_collected() -> None:
    monitor = MemoryMonitor(100, measure=lambda: 100, collect=lambda: pytest.fail("collected"))
    assert not monitor.is_above()


def test_the_watch_asks_once_to_be_recycled() -> None:
    asked, calls = threading.Event(), []

    def recycle() -> None:
        calls.append(1)
        asked.set()

    monitor = MemoryMonitor(100, measure=lambda: 200, collect=lambda: None)
    is_over = monitor.watch(every_s=0.001, recycle=recycle)
    assert asked.wait(10)
    is_over.set()
    assert calls == [1]
