"""From when on something is worth a finding: in one place, so that a clean system can be told from a sick one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in the unit of the name; counts are since the last look unless said otherwise."""

    #: A statement that is looked at: mean time, and calls.
    slow_ms: float = 5.0
    very_slow_ms: float = 100.0
    slow_calls: int = 20
    #: The planner has to promise as much for an index.
    cost_min: float = 100.0
    saving_min: float = 0.5
    index_rows_min: int = 5_000
    #: A statement that nobody waits for gladly.
    runaway_s: float = 20.0
    idle_s: float = 5.0
    blocked_min: int = 3
    #: Dead rows: as many, and as large a share.
    dead_min: int = 10_000
    dead_share: float = 0.2
    stale_min: int = 10_000
    stale_share: float = 0.5
    unused_bytes: int = 1 << 20
    unused_written: int = 20_000
    unused_table_scans: int = 1_000
    spill_blocks: float = 1_000.0
    cache_reads_per_s: float = 1.0
    cache_found: float = 0.3
    cache_compute_ms: float = 2.0
    short_ttl_s: float = 1.0
    hot_per_s: float = 50.0
    hot_share: float = 0.6
    evicted_per_s: float = 1.0
    payload_bytes: float = 256 * 1024
    repeats_min: int = 3
    thread_lag_ms: float = 50.0
    busy_share: float = 0.8
    queue_age_s: float = 30.0
    store_share: float = 0.9
    fragmentation: float = 2.0
    fragmentation_bytes: int = 256 << 20
    memory_share: float = 0.9
    connections_share: float = 0.8
    dropped_per_s: float = 1.0
    loop_lag_ms: float = 100.0
    cpu: float = 85.0


LIMITS = Limits()
