"""Reads the machine that this process runs on: its container's limits and counters first, then the host's.

Contract   ``read`` takes about a millisecond and never raises for a file that isn't there. CPU and memory are the
           container's where one is limited, the host's otherwise; see ``monitoring.engine.cgroup``.
Bound      A dozen small files a reading, found once at the start.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import psutil

from monitoring.engine import cgroup
from monitoring.engine.machine import Reading

#: Interfaces whose bytes are counted a second time by the one they belong to, or never leave the machine.
_INNER: Final = ("lo", "ifb", "veth", "docker", "br-", "virbr", "cni", "flannel", "cali")
_CORES: Final = float(os.cpu_count() or 1)
Found = TypeVar("Found")


class Machine:
    """``root`` is where /proc and /sys begin; ``data_dir`` lies on the file system whose room counts."""

    def __init__(self, data_dir: Path, root: Path = Path("/")) -> None:
        self._root = root
        # Of a folder that isn't made yet: where it will be made.
        self._data_dir = next((folder for folder in (data_dir, *data_dir.parents) if folder.exists()), root)
        self._mountinfo = self._text("proc/self/mountinfo") or ""
        self._own = self._text("proc/self/cgroup") or ""
        self._cpu_dir = self._limited("cpu", self._cpu_limit)
        self._memory_dir = self._limited("memory", self._memory_limit)

    @property
    def is_limited(self) -> bool:
        """Whether this process runs in a container with limits of its own."""
        return self._cpu_dir is not None or self._memory_dir is not None

    def read(self) -> Reading:
        values: dict[str, Any] = {}
        for part in (self._cpu, self._waiting, self._memory, self._disk, self._network):
            values |= part()
        return Reading(at=time.monotonic(), **values)

    def _limited(self, controller: str, limit: Callable[[str, bool], float | None]) -> tuple[str, bool] | None:
        """The directory with the tightest limit among the process's own and those above it."""
        directories = cgroup.directories(self._mountinfo, self._own, controller)
        known = [(limit(path, is_v2), path, is_v2) for path, is_v2 in directories]
        limits = [(number, path, is_v2) for number, path, is_v2 in known if number is not None]
        return min(limits)[1:] if limits else None

    def _cpu_limit(self, path: str, is_v2: bool) -> float | None:
        if is_v2:
            return cgroup.cpu_limit_v2(self._text(f"{path}/cpu.max"))
        return cgroup.cpu_limit_v1(self._text(f"{path}/cpu.cfs_quota_us"), self._text(f"{path}/cpu.cfs_period_us"))

    def _memory_limit(self, path: str, is_v2: bool) -> float | None:
        return cgroup.limit_bytes(self._text(f"{path}/{'memory.max' if is_v2 else 'memory.limit_in_bytes'}"))

    def _cpu(self) -> dict[str, Any]:
        if self._cpu_dir is None:
            times = psutil.cpu_times()
            idle = times.idle + getattr(times, "iowait", 0.0)
            # Time of guests is part of the time of the user.
            total = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
            return {"cpu_seconds": total - idle, "cpu_capacity": _CORES}
        path, is_v2 = self._cpu_dir
        stat = self._text(f"{path}/cpu.stat")
        seconds = cgroup.cpu_seconds_v2(stat) if is_v2 else cgroup.cpu_seconds_v1(self._accounted())
        throttling = cgroup.throttling(stat)
        return {
            "cpu_seconds": seconds,
            "cpu_capacity": min(self._cpu_limit(path, is_v2) or _CORES, _CORES),
            "periods": throttling and throttling[0],
            "periods_throttled": throttling and throttling[1],
        }

    def _accounted(self) -> str | None:
        """Version 1 counts the time in a hierarchy of its own, of the same shape."""
        assert self._cpu_dir is not None
        levels_up = [path for path, _ in cgroup.directories(self._mountinfo, self._own, "cpu")].index(self._cpu_dir[0])
        accounting = [path for path, is_v2 in cgroup.directories(self._mountinfo, self._own, "cpuacct") if not is_v2]
        return self._text(f"{accounting[min(levels_up, len(accounting) - 1)]}/cpuacct.usage") if accounting else None

    def _waiting(self) -> dict[str, Any]:
        return {
            "stalled_cpu_s": cgroup.stalled_seconds(self._pressure(self._cpu_dir, "cpu")),
            "stalled_memory_s": cgroup.stalled_seconds(self._pressure(self._memory_dir, "memory")),
        }

    def _pressure(self, directory: tuple[str, bool] | None, kind: str) -> str | None:
        own = self._text(f"{directory[0]}/{kind}.pressure") if directory is not None and directory[1] else None
        return own or self._text(f"proc/pressure/{kind}")

    def _memory(self) -> dict[str, Any]:
        host = psutil.virtual_memory()
        if self._memory_dir is None:
            used = host.total - host.available
            return {"memory_used": used, "memory_total": host.total, "memory_available": host.available}
        path, is_v2 = self._memory_dir
        current = self._text(f"{path}/{'memory.current' if is_v2 else 'memory.usage_in_bytes'}")
        taken = cgroup.memory_used(current, self._text(f"{path}/memory.stat"))
        limit = self._memory_limit(path, is_v2)
        if taken is None or limit is None:
            return {}
        available = min(max(int(limit) - taken, 0), host.available)
        return {"memory_used": taken, "memory_total": int(limit), "memory_available": available}

    def _disk(self) -> dict[str, Any]:
        usage = _or_none(lambda: psutil.disk_usage(str(self._data_dir)))
        read, written = self._container_io() or self._host_io() or (None, None)
        values = {"disk_read": read, "disk_written": written}
        # As df shows it: what is kept for root is neither used nor free.
        return values | ({"disk_used": usage.used, "disk_total": usage.used + usage.free} if usage else {})

    def _container_io(self) -> tuple[int, int] | None:
        if self._memory_dir is None:
            return None
        if self._memory_dir[1]:
            return cgroup.io_bytes_v2(self._text(f"{self._memory_dir[0]}/io.stat"))
        for path, is_v2 in cgroup.directories(self._mountinfo, self._own, "blkio"):
            if not is_v2:
                return cgroup.io_bytes_v1(self._text(f"{path}/blkio.throttle.io_service_bytes"))
        return None

    def _host_io(self) -> tuple[int, int] | None:
        counters = _or_none(psutil.disk_io_counters)
        return (counters.read_bytes, counters.write_bytes) if counters else None

    def _network(self) -> dict[str, Any]:
        interfaces = _or_none(lambda: psutil.net_io_counters(pernic=True)) or {}
        outer = [counters for name, counters in interfaces.items() if not name.startswith(_INNER)]
        if not outer:
            return {}
        return {"received": sum(one.bytes_recv for one in outer), "sent": sum(one.bytes_sent for one in outer)}

    def _text(self, path: str) -> str | None:
        try:
            return (self._root / path.lstrip("/")).read_text(encoding="ascii", errors="replace")
        except OSError:
            return None


def _or_none(read: Callable[[], Found | None]) -> Found | None:
    # What a platform doesn't tell raises any of these in psutil.
    try:
        return read()
    except (OSError, psutil.Error, NotImplementedError, RuntimeError):
        return None
