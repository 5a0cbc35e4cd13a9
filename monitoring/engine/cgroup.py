"""What the kernel says about the container that a process runs in, from the texts of its files.

Contract   Pure. Version 2 first, then version 1; what a file doesn't say is None. A limit that is none (``max``, -1,
           or version 1's huge number) is None.
Source     Linux: Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst, accounting/psi.rst,
           scheduler/sched-bwc.rst.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

#: Version 1 writes "no limit" as the largest multiple of a page; no machine has an exabyte.
_NO_LIMIT: Final = 1 << 60
_MICRO: Final = 1e-6
_NANO: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a hierarchy is mounted and which of its directories that shows; ``controllers`` of version 2 are none."""

    point: str
    root: str
    is_v2: bool
    controllers: frozenset[str]


def directories(mountinfo: str, own: str, controller: str) -> list[tuple[str, bool]]:
    """Directories that may limit this process's ``controller``, its own first, each with whether it is version 2.

    ``mountinfo`` and ``own`` are the texts of /proc/self/mountinfo and /proc/self/cgroup.
    """
    memberships = _memberships(own)
    found: list[tuple[str, bool]] = []
    mounts = list(_mounts(mountinfo))
    for mount in sorted(mounts, key=lambda one: not one.is_v2):
        if mount.is_v2 or controller in mount.controllers:
            path = memberships.get("" if mount.is_v2 else controller)
            if path is not None:
                found += [(directory, mount.is_v2) for directory in _upwards(mount, path)]
    return found


def _memberships(own: str) -> dict[str, str]:
    """Path by controller; that of version 2 by ""."""
    paths: dict[str, str] = {}
    for line in own.splitlines():
        _, names, path = line.split(":", 2)
        paths |= dict.fromkeys(names.split(","), path)
    return paths


def _mounts(mountinfo: str) -> Iterator[Mount]:
    for line in mountinfo.splitlines():
        before, _, after = line.partition(" - ")
        kind, _, options = after.partition(" ")
        if kind in ("cgroup", "cgroup2"):
            root, point = before.split()[3:5]
            names = frozenset(options.split()[-1].split(",")) if kind == "cgroup" else frozenset[str]()
            yield Mount(point, root, kind == "cgroup2", names)


def _upwards(mount: Mount, path: str) -> Iterator[str]:
    own, root = PurePosixPath(path), PurePosixPath(mount.root)
    # Inside a container the mount may show only the container's own part.
    inside = own.relative_to(root) if own.is_relative_to(root) else PurePosixPath()
    for directory in (inside, *inside.parents):
        yield str(PurePosixPath(mount.point) / directory)


def limit_bytes(text: str | None) -> int | None:
    """memory.max or memory.limit_in_bytes."""
    if text is None or text.strip() == "max":
        return None
    return None if int(text) >= _NO_LIMIT else int(text)


def cpu_limit_v2(text: str | None) -> float | None:
    """cpu.max: cores that may be busy all the time."""
    if text is None or text.startswith("max"):
        return None
    quota, period = text.split()
    return int(quota) / int(period)


def cpu_limit_v1(quota: str | None, period: str | None) -> float | None:
    """cpu.cfs_quota_us over cpu.cfs_period_us."""
    if quota is None or period is None or int(quota) <= 0:
        return None
    return int(quota) / int(period)


def flat(text: str | None) -> dict[str, int]:
    """A file of lines ``name number``: cpu.stat, memory.stat."""
    pairs = (line.split() for line in (text or "").splitlines())
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2 and pair[1].isdigit()}


def memory_used(current: str | None, stat: str | None) -> int | None:
    """Without the page cache that nobody used lately, which the kernel takes back when it needs the room."""
    if current is None:
        return None
    fields = flat(stat)
    inactive = fields.get("total_inactive_file", fields.get("inactive_file", 0))
    return max(int(current) - inactive, 0)


def cpu_seconds_v2(stat: str | None) -> float | None:
    used = flat(stat).get("usage_usec")
    return None if used is None else used * _MICRO


def cpu_seconds_v1(usage: str | None) -> float | None:
    """cpuacct.usage."""
    return None if usage is None else int(usage) * _NANO


def throttling(stat: str | None) -> tuple[int, int] | None:
    """Of cpu.stat: periods in which processes ran, and how many of them ended with processes held back."""
    fields = flat(stat)
    return (fields["nr_periods"], fields["nr_throttled"]) if "nr_throttled" in fields else None


def stalled_seconds(pressure: str | None) -> float | None:
    """Of cpu.pressure or memory.pressure: how long, in all, at least one process waited."""
    for line in (pressure or "").splitlines():
        if line.startswith("some "):
            return int(line.rpartition("total=")[2]) * _MICRO
    return None


def io_bytes_v2(stat: str | None) -> tuple[int, int] | None:
    """io.stat: read and written, over all devices."""
    if stat is None:
        return None
    fields: Mapping[str, int]
    read = written = 0
    for line in stat.splitlines():
        fields = {name: int(value) for name, _, value in (pair.partition("=") for pair in line.split()[1:])}
        read, written = read + fields.get("rbytes", 0), written + fields.get("wbytes", 0)
    return read, written


def io_bytes_v1(service_bytes: str | None) -> tuple[int, int] | None:
    """blkio.throttle.io_service_bytes: lines ``8:0 Read 4096``."""
    if service_bytes is None:
        return None
    sums = {"Read": 0, "Write": 0}
    for line in service_bytes.splitlines():
        words = line.split()
        if len(words) == 3 and words[1] in sums:
            sums[words[1]] += int(words[2])
    return sums["Read"], sums["Write"]
