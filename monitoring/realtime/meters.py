"""What every process tells of itself and of its machine.

Contract   ``ProcessMeter.measure`` and ``MachineMeter.measure`` set gauges and counters of the process's registry
           from the thread that publishes them. A meter belongs to one process: a fork makes its own.
Why        Every process of a host measures the machine, so that it is known as long as any of them lives; who reads
           the gauges takes one of a host.
"""

import gc
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final

import psutil

from common.metrics.registry import registry
from monitoring.engine.machine import Reading, levels
from monitoring.realtime.machine import Machine

#: Counting descriptors lists a folder with all of them.
_DESCRIPTORS_EVERY: Final = 5

_CPU: Final = registry.counter("process_cpu_seconds_total", "CPU time of the process.").of()
_MEMORY: Final = registry.gauge("process_resident_memory_bytes", "Memory of the process in RAM.").of()
_THREADS: Final = registry.gauge("process_threads", "Threads of the process.").of()
_DESCRIPTORS: Final = registry.gauge("process_open_fds", "Open files and sockets of the process.").of()
_PAUSE: Final = registry.sketch("gc_pause_seconds", "Pauses of the garbage collector.").of()
_COLLECTIONS: Final = registry.counter("gc_collections_total", "Runs of the garbage collector.", ["generation"])
_MACHINE: Final = {
    name: registry.gauge(f"machine_{name}", text, merge="max").of()
    for name, text in {
        "cpu_ratio": "Busy share of the CPU that the container or host may use.",
        "cpu_throttled_ratio": "Share of scheduler periods in which the container's CPU limit held it back.",
        "cpu_pressure_ratio": "Share of time in which something waited for a CPU.",
        "memory_pressure_ratio": "Share of time in which something waited for memory.",
        "memory_ratio": "Memory in use, of the container's limit or the host's.",
        "memory_available_bytes": "Memory that can still be given to processes.",
        "disk_ratio": "Full share of the file system of the data.",
        "disk_read_bytes": "Bytes read from disks, each second.",
        "disk_write_bytes": "Bytes written to disks, each second.",
        "network_in_bytes": "Bytes received, each second.",
        "network_out_bytes": "Bytes sent, each second.",
    }.items()
}


class ProcessMeter:
    def __init__(self) -> None:
        self._process = psutil.Process()
        self._cpu_s = time.process_time()
        self._rounds = 0

    def measure(self) -> None:
        cpu_s = time.process_time()
        _CPU.add(cpu_s - self._cpu_s)
        self._cpu_s = cpu_s
        _MEMORY.set(self._process.memory_info().rss)
        _THREADS.set(threading.active_count())
        if self._rounds % _DESCRIPTORS_EVERY == 0 and hasattr(self._process, "num_fds"):
            _DESCRIPTORS.set(self._process.num_fds())
        self._rounds += 1


class MachineMeter:
    def __init__(self, data_dir: Path) -> None:
        self._machine = Machine(data_dir)
        self._before: Reading = self._machine.read()

    def measure(self) -> None:
        reading = self._machine.read()
        for name, level in levels(self._before, reading).items():
            _MACHINE[name].set(level)
        self._before = reading


class GarbageMeter:
    """Hears of every run of the collector; ``measure`` passes on what it heard.

    The collector runs wherever something is allocated, also inside a metric's own lock, so it only notes.
    """

    def __init__(self) -> None:
        self._began = 0.0
        self._heard: deque[tuple[int, float]] = deque(maxlen=10_000)

    def listen(self) -> None:
        gc.callbacks.append(self._hear)

    def forget(self) -> None:
        if self._hear in gc.callbacks:
            gc.callbacks.remove(self._hear)

    def measure(self) -> None:
        while self._heard:
            generation, seconds = self._heard.popleft()
            _COLLECTIONS.of(str(generation)).add()
            _PAUSE.record(seconds)

    def _hear(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.perf_counter()
        else:
            self._heard.append((info["generation"], time.perf_counter() - self._began))
