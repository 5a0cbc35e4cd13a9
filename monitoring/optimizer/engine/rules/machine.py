"""Findings about processes: threads and connections, memory, queues, sockets."""

from collections.abc import Iterator
from typing import Final

from common.tuning.declared import Subsystem, clamped
from monitoring.optimizer.engine.limits import Limits
from monitoring.optimizer.types import Act, Action, Effect, Finding, Risk, Snapshot

_UNDO: Final = "Take the setting back: every process follows within two seconds."
_HISTORY: Final = "GET /api/v1/performance-dashboard/metrics/history?series={names}"
#: Connections left for everybody else when a pool grows.
_RESERVE: Final = 20


def small_pool(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    values, threads = snapshot.values, snapshot.settings.get("http_threads", 0.0)
    lag, held = values.get("thread_pool_lag", 0.0), values.get("db_connections", 0.0)
    wanted = clamped("http_threads", round(threads * 1.5))
    has_room = not snapshot.connections_max or held + wanted - threads < snapshot.connections_max - _RESERVE
    is_busy = values.get("cpu_usage", 0.0) >= limits.cpu
    if lag >= limits.thread_lag_ms and threads and wanted > threads and has_room and not is_busy:
        yield Finding(
            rule="small_pool",
            subject="http_threads",
            subsystem=Subsystem.DATABASE,
            title="Requests wait for a thread",
            why=f"One request in twenty waits {lag:.0f} ms before anybody works on it, while the CPU is at "
            f"{values.get('cpu_usage', 0.0):.0f} %. Each web process has {threads:.0f} threads with a connection each.",
            evidence={"thread_pool_lag_ms": lag, "threads": threads, "server_connections": held},
            evidence_query=_HISTORY.format(names="thread_pool_lag,cpu_usage,db_connections"),
            action=Action(Act.SET, "http_threads", wanted),
            risk=Risk.LOW,
            effect=Effect("thread_pool_lag", -0.5, -0.95, -0.1),
            blast_radius=f"Each web process may hold {wanted - threads:.0f} database connections more.",
            undo=_UNDO,
            priority=80,
        )


def too_many_connections(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    held, most = snapshot.values.get("db_connections", 0.0), snapshot.connections_max
    threads = snapshot.settings.get("http_threads", 0.0)
    if most and held >= limits.connections_share * most and threads:
        yield Finding(
            rule="too_many_connections",
            subject="http_threads",
            subsystem=Subsystem.DATABASE,
            title="The database runs out of connections",
            why=f"{held:.0f} of {most} are open. When none is left, whoever needs a new one fails.",
            evidence={"held": held, "allowed": most, "threads": threads},
            evidence_query="SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'",
            action=Action(Act.SET, "http_threads", clamped("http_threads", round(threads * 0.75))),
            risk=Risk.LOW,
            effect=Effect("db_connections", -0.2, -0.3, -0.05),
            blast_radius="Each web process answers fewer requests at once.",
            undo=_UNDO,
            priority=85,
        )


def stray_connections(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    over = snapshot.values.get("db_pool_overflow", 0.0)
    if over >= 16:
        yield Finding(
            rule="stray_connections",
            subject="reconnect_round",
            subsystem=Subsystem.CONNECTION,
            title=f"{over:.0f} connections more than planned",
            why="Processes hold more connections than they have threads for requests.",
            evidence={"over": over},
            evidence_query=_HISTORY.format(names="db_pool_overflow,db_pool_size"),
            action=Action(Act.ROUND, "reconnect_round"),
            risk=Risk.LOW,
            effect=Effect("db_pool_overflow", -0.5, -1.0, 0.0),
            blast_radius="Each thread opens a new connection before its next request: some milliseconds, once.",
            undo="Nothing to undo.",
            priority=50,
        )


def memory_growth(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    most = snapshot.settings.get("memory_threshold_mb", 0.0)
    fullest = max(snapshot.memory.items(), key=lambda pair: pair[1], default=("", 0.0))
    if not most or fullest[1] < limits.memory_share * most:
        return
    is_worker = fullest[0].startswith("worker")
    name = "memory_recycle_mb" if is_worker else "memory_collect_mb"
    wanted = clamped(name, round(most * (0.85 if is_worker else 0.7)))
    if snapshot.settings.get(name, most) <= wanted:
        return
    yield Finding(
        rule="memory_growth",
        subject=name,
        subsystem=Subsystem.MEMORY,
        title=f"A {fullest[0].split('-', 1)[0]} process holds {fullest[1]:.0f} MiB",
        why=f"Above {most:.0f} MiB it is replaced in the midst of its work. "
        + ("A child that is replaced earlier costs less." if is_worker else "Collecting earlier may spare it that."),
        evidence={"process": fullest[0], "mib": round(fullest[1]), "threshold_mib": most},
        evidence_query="process_resident_memory_bytes at /metrics",
        action=Action(Act.SET, name, wanted),
        risk=Risk.LOW,
        effect=Effect("process_memory", -0.1, -0.4, 0.0, load="throughput"),
        blast_radius="Garbage is collected, or a child replaced, more often.",
        undo=_UNDO,
        priority=60,
    )


def starved_queue(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for queue in snapshot.queues:
        if queue.age_s is None or queue.age_s < limits.queue_age_s:
            continue
        prefetch = snapshot.settings.get("worker_prefetch", 1.0)
        advice = Action(Act.ADVICE, details={"advice": "Add worker processes: POST /api/v1/auto-scaling/scale-manual."})
        yield Finding(
            rule="starved_queue",
            subject=queue.name,
            subsystem=Subsystem.QUEUE,
            title=f"A task has waited {queue.age_s:.0f} s in the queue {queue.name}",
            why=f"{queue.length} tasks wait, {queue.reserved} are reserved by workers."
            + (
                " Workers reserve more than they work on, so that long tasks hold up short ones."
                if prefetch > 1
                else ""
            ),
            evidence={"length": queue.length, "age_s": queue.age_s, "reserved": queue.reserved, "prefetch": prefetch},
            evidence_query=f"LLEN om:celery:{queue.name}; HLEN om:celery:unacked",
            action=Action(Act.SET, "worker_prefetch", 1.0) if prefetch > 1 else advice,
            risk=Risk.LOW,
            effect=Effect("queue_age", -0.4, -0.9, 0.0, load="tasks"),
            blast_radius="Workers ask for each task when they are free.",
            undo=_UNDO,
            priority=85,
        )


def slow_sockets(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    values = snapshot.values
    dropped, lag = values.get("frames_dropped", 0.0), values.get("event_loop_lag", 0.0)
    is_late = lag >= limits.loop_lag_ms and values.get("sockets", 0.0) >= 20
    now = snapshot.settings.get("broadcast_interval_s", 0.05)
    wanted = clamped("broadcast_interval_s", now * 2)
    if (dropped >= limits.dropped_per_s or is_late) and wanted > now:
        yield Finding(
            rule="slow_sockets",
            subject="broadcast_interval_s",
            subsystem=Subsystem.SOCKETS,
            title="Sockets are told more than they can take",
            why=f"{dropped:.1f} frames a second are dropped and event loops run {lag:.0f} ms late. Telling "
            f"every {wanted:g} s "
            "instead puts more changes into each read.",
            evidence={"dropped_per_s": dropped, "loop_lag_ms": lag, "sockets": values.get("sockets")},
            evidence_query=_HISTORY.format(names="frames_dropped,event_loop_lag,sockets"),
            action=Action(Act.SET, "broadcast_interval_s", wanted),
            risk=Risk.LOW,
            effect=Effect("event_loop_lag", -0.2, -0.6, 0.0, load="sockets"),
            blast_radius=f"Changes reach people up to {wanted:g} s later.",
            undo=_UNDO,
            priority=55,
        )


RULES: Final = (
    small_pool, too_many_connections, stray_connections, memory_growth, starved_queue, slow_sockets,
)  # fmt: skip
