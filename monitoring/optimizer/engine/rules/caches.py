"""Findings about caches: too short a life, too little room, one key for all, answers too large."""

from collections.abc import Iterator
from typing import Final

from common.tuning.declared import Subsystem, clamped
from monitoring.optimizer.engine.limits import Limits
from monitoring.optimizer.types import Act, Action, CacheUse, Effect, Finding, Risk, Snapshot

_QUERY: Final = 'cache_reads_total{{function="{function}"}} at /metrics'
_UNDO: Final = "Take the setting back: every process uses what the program says within two seconds."
#: A longer life helps only if somebody asks again meanwhile.
_AGAIN: Final = 5.0


def short_ttl(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for use in snapshot.caches:
        wanted = clamped(f"cache_ttl_s:{use.function}", max(5.0, use.ttl_s * 4))
        is_asked = use.reads_per_s >= limits.cache_reads_per_s and use.reads_per_s * wanted >= _AGAIN
        is_dear = (use.compute_ms or 0.0) >= limits.cache_compute_ms
        if is_asked and is_dear and use.found < limits.cache_found and use.ttl_s <= limits.short_ttl_s:
            expected = 1 - max(use.found, 0.02)
            yield Finding(
                rule="short_ttl",
                subject=use.function,
                subsystem=Subsystem.CACHE,
                title=f"Answers of {_short(use)} are good for {use.ttl_s:g} s only",
                why=f"It is asked {use.reads_per_s:.0f} times a second and finds {use.found:.0%}; each computation "
                f"takes {use.compute_ms:.1f} ms. Answers that live {wanted:g} s would spare most of them.",
                evidence=_evidence(use),
                evidence_query=_QUERY.format(function=use.function),
                action=Action(Act.SET, f"cache_ttl_s:{use.function}", wanted),
                risk=Risk.LOW,
                effect=Effect(f"cache:{use.function}", expected, expected * 0.3, expected * 1.5, is_gain=True),
                blast_radius=f"What {_short(use)} answers may be {wanted:g} s old.",
                undo=_UNDO,
                priority=70,
            )


def hot_key(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for use in snapshot.caches:
        is_near = snapshot.settings.get(f"cache_near_s:{use.function}", 0.0) > 0
        is_hot = use.hottest >= limits.hot_share and use.reads_per_s >= limits.hot_per_s
        if use.cache == "redis" and is_hot and not is_near:
            yield Finding(
                rule="hot_key",
                subject=use.function,
                subsystem=Subsystem.CACHE,
                title=f"One key of {_short(use)} takes most of its reads",
                why=f"{use.hottest:.0%} of {use.reads_per_s:.0f} reads a second ask Redis for one key. A copy in each "
                "process for half a second spares nearly all of them.",
                evidence=_evidence(use),
                evidence_query="cache_hottest_read_total / cache_keys_read_total at /metrics",
                action=Action(Act.SET, f"cache_near_s:{use.function}", 0.5),
                risk=Risk.LOW,
                effect=Effect("redis_operations", -0.3, -0.6, -0.05),
                blast_radius=f"What {_short(use)} answers may be half a second older.",
                undo=_UNDO,
                priority=60,
            )


def small_cache(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for use in snapshot.caches:
        is_full = use.entries_max > 0 and use.entries >= 0.9 * use.entries_max
        if is_full and use.evicted_per_s >= limits.evicted_per_s and use.found < 0.9:
            wanted = clamped(f"cache_entries_max:{use.function}", use.entries_max * 2.0)
            yield Finding(
                rule="small_cache",
                subject=use.function,
                subsystem=Subsystem.CACHE,
                title=f"The cache of {_short(use)} is too small",
                why=f"It holds {use.entries} of {use.entries_max} answers, gives up {use.evicted_per_s:.1f} a "
                "second and "
                f"finds {use.found:.0%}.",
                evidence=_evidence(use),
                evidence_query=f'cache_evictions_total{{function="{use.function}"}} at /metrics',
                action=Action(Act.SET, f"cache_entries_max:{use.function}", wanted),
                risk=Risk.LOW,
                effect=Effect(f"cache:{use.function}", 0.5, 0.05, 1.5, is_gain=True),
                blast_radius="Each process holds up to twice as many answers, within the same limit of bytes.",
                undo=_UNDO,
                priority=45,
            )


def large_payload(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for use in snapshot.caches:
        if use.bytes_written >= limits.payload_bytes:
            yield Finding(
                rule="large_payload",
                subject=use.function,
                subsystem=Subsystem.CACHE,
                title=f"Answers of {_short(use)} are large",
                why=f"{use.bytes_written / 1024:.0f} KiB each: every hit fetches and decodes as much.",
                evidence=_evidence(use),
                evidence_query=f'cache_written_bytes_total{{function="{use.function}"}} at /metrics',
                action=Action(Act.ADVICE, details={"advice": "Answer pages or only the columns that are shown."}),
                risk=Risk.LOW,
                effect=Effect("response_time", -0.1, -0.3, 0.0),
                blast_radius="None: it is advice.",
                undo="Nothing to undo.",
                priority=40,
            )


def full_store(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    store = snapshot.store
    share = store.used / store.allowed if store.allowed else 0.0
    if share >= limits.store_share or store.evicted > 0:
        yield Finding(
            rule="full_store",
            subject="redis",
            subsystem=Subsystem.CACHE,
            title="Redis runs out of memory",
            why=f"{share:.0%} of what it may use is used, and {store.evicted} keys were given up since the last look. "
            "The queue and the caches share it.",
            evidence={"used": store.used, "allowed": store.allowed, "evicted": store.evicted},
            evidence_query="INFO memory; INFO stats",
            action=Action(Act.ADVICE, details={"advice": "Raise maxmemory, or give the queue a Redis of its own."}),
            risk=Risk.LOW,
            effect=Effect("cache_hit_rate", 0.1, 0.0, 0.5, is_gain=True),
            blast_radius="None: it is advice.",
            undo="Nothing to undo.",
            priority=80,
        )


def _short(use: CacheUse) -> str:
    return ".".join(use.function.rsplit(".", 2)[-2:])


def _evidence(use: CacheUse) -> dict[str, object]:
    return {
        "cache": use.cache,
        "reads_per_s": round(use.reads_per_s, 2),
        "found": round(use.found, 3),
        "ttl_s": use.ttl_s,
        "compute_ms": None if use.compute_ms is None else round(use.compute_ms, 2),
        "entries": use.entries,
        "entries_max": use.entries_max,
        "evicted_per_s": round(use.evicted_per_s, 2),
        "bytes_each": round(use.bytes_written),
        "hottest_share": round(use.hottest, 3),
    }


RULES: Final = (short_ttl, hot_key, small_cache, large_payload, full_store)
