"""How much memory this process holds, and what is done when that is too much.

Contract   Above the threshold (or less, if that was tuned) garbage is collected first, and what the allocator keeps for
           later is given back to the system. Only a process that is still above the threshold then is due to be
           recycled, by whoever runs it.
Bound      Collecting takes a fraction of a second and happens at most every ``rest_s``.
"""

import ctypes
import gc
import math
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from common.tuning.reading import on_change, tuned

if sys.platform != "win32":
    import resource

REST_S: Final = 10.0
_MIB: Final = 1_024 * 1_024
_STATM: Final = Path("/proc/self/statm")
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4_096


def resident_bytes() -> int:
    """Resident memory of this process; where the system doesn't tell, the most that it ever was."""
    if _STATM.exists():
        return int(_STATM.read_text().split()[1]) * _PAGE_BYTES
    if sys.platform == "win32":
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1_024


def collect_garbage() -> None:
    """Free what nobody can reach, and hand free memory back."""
    gc.collect()
    if _malloc_trim is not None:
        _malloc_trim(0)


class MemoryMonitor:
    def __init__(
        self,
        threshold_bytes: int,
        *,
        measure: Callable[[], int] = resident_bytes,
        collect: Callable[[], None] = collect_garbage,
        rest_s: float = REST_S,
    ) -> None:
        self.threshold_bytes = threshold_bytes
        self._measure, self._collect, self._rest_s = measure, collect, rest_s
        self._collected_at = float("-inf")

    def bytes_needed(self) -> int:
        """Resident memory, after collecting when it is above the threshold."""
        size = self._measure()
        collect_above = min(self.threshold_bytes, tuned("memory_collect_mb", math.inf) * _MIB)
        # Who is above the threshold goes if that doesn't help; others would collect without end.
        rest_s = self._rest_s if size > self.threshold_bytes else REST_S
        if size > collect_above and time.monotonic() - self._collected_at >= rest_s:
            self._collect()
            self._collected_at = time.monotonic()
            size = self._measure()
        return size

    def is_above(self) -> bool:
        return self.bytes_needed() > self.threshold_bytes

    def watch(self, *, every_s: float, recycle: Callable[[], None] | None) -> threading.Event:
        """Look every now and then from a thread; ``recycle`` is called once. Set the event to stop."""
        is_over = threading.Event()

        def look() -> None:
            while not is_over.wait(every_s):
                if self.is_above() and recycle is not None:
                    recycle()
                    return

        threading.Thread(target=look, name="memory-monitor", daemon=True).start()
        return is_over


on_change("collect_round", lambda _: collect_garbage())

# Of glibc; other allocators give memory back by themselves.
_malloc_trim: Final = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
