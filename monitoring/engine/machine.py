"""From two readings of a machine to how busy it was between them.

Contract   Pure. Shares are 0 to 1, the others by the second. What either reading doesn't know, or a counter that
           began anew between them, is None.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """What grows since the start of the machine or container, and how full it is now. ``at`` is monotonic seconds,
    ``cpu_capacity`` the seconds of CPU that a second may use."""

    at: float
    cpu_seconds: float | None = None
    cpu_capacity: float | None = None
    periods: int | None = None
    periods_throttled: int | None = None
    stalled_cpu_s: float | None = None
    stalled_memory_s: float | None = None
    memory_used: int | None = None
    memory_total: int | None = None
    memory_available: int | None = None
    disk_used: int | None = None
    disk_total: int | None = None
    disk_read: int | None = None
    disk_written: int | None = None
    received: int | None = None
    sent: int | None = None


def levels(before: Reading, after: Reading) -> dict[str, float | None]:
    """Gauges by their names without the prefix ``machine_``."""
    elapsed = after.at - before.at
    busy = _growth(before.cpu_seconds, after.cpu_seconds)
    return {
        "cpu_ratio": _clamped(_over(busy, _times(after.cpu_capacity, elapsed))),
        "cpu_throttled_ratio": _throttled(before, after),
        "cpu_pressure_ratio": _clamped(_over(_growth(before.stalled_cpu_s, after.stalled_cpu_s), elapsed)),
        "memory_pressure_ratio": _clamped(_over(_growth(before.stalled_memory_s, after.stalled_memory_s), elapsed)),
        "memory_ratio": _clamped(_over(after.memory_used, after.memory_total)),
        "memory_available_bytes": after.memory_available,
        "disk_ratio": _clamped(_over(after.disk_used, after.disk_total)),
        "disk_read_bytes": _over(_growth(before.disk_read, after.disk_read), elapsed),
        "disk_write_bytes": _over(_growth(before.disk_written, after.disk_written), elapsed),
        "network_in_bytes": _over(_growth(before.received, after.received), elapsed),
        "network_out_bytes": _over(_growth(before.sent, after.sent), elapsed),
    }


def _throttled(before: Reading, after: Reading) -> float | None:
    throttled = _growth(before.periods_throttled, after.periods_throttled)
    periods = _growth(before.periods, after.periods)
    # Without a single period there was nothing to hold back.
    return 0.0 if periods == 0 else _clamped(_over(throttled, periods))


def _growth(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None or after < before else after - before


def _over(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole or whole < 0 else part / whole


def _times(one: float | None, other: float) -> float | None:
    return None if one is None else one * other


def _clamped(share: float | None) -> float | None:
    return None if share is None else min(share, 1.0)
