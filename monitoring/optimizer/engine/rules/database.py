"""Findings about PostgreSQL: dead rows, old statistics, waiting, idling and endless sessions, sorts on disk, N+1."""

from collections.abc import Iterator
from typing import Final

from common.tuning.declared import Subsystem, clamped
from monitoring.optimizer.engine.limits import Limits
from monitoring.optimizer.types import Act, Action, Effect, Finding, Risk, Snapshot

_STATEMENT: Final = "SELECT * FROM pg_stat_statements WHERE queryid = {id}"
_TABLE: Final = "SELECT * FROM pg_stat_user_tables WHERE relname = '{name}'"
_SESSIONS: Final = "SELECT *, pg_blocking_pids(pid) FROM pg_stat_activity WHERE backend_type = 'client backend'"
_NO_WAY_BACK: Final = "Nothing to undo: only the table's bookkeeping changes."
_SETTING: Final = "Take the setting back: every thread has it before its next request."


def bloat(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for table in snapshot.tables:
        share = table.dead / max(1, table.dead + table.live)
        if table.dead >= limits.dead_min and share >= limits.dead_share:
            yield Finding(
                rule="bloat",
                subject=table.name,
                subsystem=Subsystem.DATABASE,
                title=f"{share:.0%} of {table.name} are dead rows",
                why=f"{table.dead} dead rows beside {table.live}: every scan reads past them, and autovacuum "
                "hasn't come.",
                evidence={"dead": table.dead, "live": table.live, "bytes": table.bytes},
                evidence_query=_TABLE.format(name=table.name),
                action=Action(Act.VACUUM, table.name),
                risk=Risk.LOW,
                effect=Effect("db_query_time", -0.05, -0.3, 0.0),
                blast_radius=f"{table.name} is read once in the background; nobody waits for it.",
                undo=_NO_WAY_BACK,
                priority=50,
            )


def stale_statistics(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for table in snapshot.tables:
        share = table.changed_since_analyze / max(1, table.live)
        if table.changed_since_analyze >= limits.stale_min and share >= limits.stale_share:
            yield Finding(
                rule="stale_statistics",
                subject=table.name,
                subsystem=Subsystem.DATABASE,
                title=f"The planner knows an old {table.name}",
                why=f"{table.changed_since_analyze} rows changed since it was analysed, of {table.live}.",
                evidence={"changed": table.changed_since_analyze, "live": table.live},
                evidence_query=_TABLE.format(name=table.name),
                action=Action(Act.ANALYZE, table.name),
                risk=Risk.LOW,
                effect=Effect("db_query_time", -0.05, -0.5, 0.02),
                blast_radius=f"A sample of {table.name} is read; plans of its statements may change.",
                undo=_NO_WAY_BACK,
                priority=45,
            )


def lock_convoy(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for session in snapshot.sessions:
        if session.blocked >= limits.blocked_min:
            now = snapshot.settings.get("lock_timeout_ms", 2_000.0)
            yield Finding(
                rule="lock_convoy",
                subject="locks",
                subsystem=Subsystem.DATABASE,
                title=f"{session.blocked} sessions wait for one",
                why=f"It has held its locks for {session.seconds:.0f} s ({session.state}). Those who wait hold "
                "threads and "
                "connections that others need; a shorter wait fails them soon instead of all together.",
                evidence={
                    "pid": session.pid,
                    "state": session.state,
                    "blocked": session.blocked,
                    "query": session.query,
                },
                evidence_query=_SESSIONS,
                action=Action(Act.SET, "lock_timeout_ms", clamped("lock_timeout_ms", now / 2)),
                risk=Risk.MEDIUM,
                effect=Effect("response_time_p95", -0.2, -0.6, 0.0),
                blast_radius="Requests that wait longer for a lock are refused and have to be sent again.",
                undo=_SETTING,
                priority=85,
            )
            return


def idle_in_transaction(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    idle = [one for one in snapshot.sessions if one.state.startswith("idle in") and one.seconds >= limits.idle_s]
    if idle:
        longest = max(idle, key=lambda one: one.seconds)
        now = snapshot.settings.get("idle_timeout_ms", 10_000.0)
        yield Finding(
            rule="idle_in_transaction",
            subject="idle",
            subsystem=Subsystem.CONNECTION,
            title=f"{len(idle)} transactions do nothing",
            why=f"The oldest has been open and idle for {longest.seconds:.0f} s. It keeps its locks, and no "
            "dead row of any "
            "table can be cleaned meanwhile.",
            evidence={"sessions": len(idle), "seconds": round(longest.seconds, 1), "query": longest.query},
            evidence_query=_SESSIONS,
            action=Action(Act.SET, "idle_timeout_ms", clamped("idle_timeout_ms", now / 2)),
            risk=Risk.MEDIUM,
            effect=Effect("db_pool_checked_out", -0.1, -0.5, 0.0),
            blast_radius="Web sessions that idle in a transaction are cut off earlier.",
            undo=_SETTING,
            priority=65,
        )


def runaway_statement(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for session in snapshot.sessions:
        if session.state == "active" and session.seconds >= limits.runaway_s and not session.is_waiting_for_lock:
            now = snapshot.settings.get("statement_timeout_ms", 5_000.0)
            wanted = clamped("statement_timeout_ms", limits.runaway_s * 1_000)
            action = (
                Action(Act.SET, "statement_timeout_ms", wanted)
                if now == 0 or now > wanted
                else Action(Act.ADVICE, details={"advice": f"SELECT pg_cancel_backend({session.pid})"})
            )
            yield Finding(
                rule="runaway_statement",
                subject=f"pid {session.pid}",
                subsystem=Subsystem.QUERY,
                title=f"A statement has run for {session.seconds:.0f} s",
                why="It is of none that the limits of web requests end, so that somebody has to look at it.",
                evidence={"pid": session.pid, "seconds": round(session.seconds, 1), "query": session.query},
                evidence_query=_SESSIONS,
                action=action,
                risk=Risk.MEDIUM,
                effect=Effect("cpu_usage", -0.1, -0.5, 0.0),
                blast_radius="Statements that take longer are ended.",
                undo=_SETTING,
                priority=75,
            )


def slow_statement(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    proven = {proof.statement_id for proof in snapshot.proofs if proof.saving >= limits.saving_min}
    for statement in snapshot.statements:
        if (
            statement.mean_ms >= limits.very_slow_ms
            and statement.calls >= limits.slow_calls
            and statement.id not in proven
        ):
            yield Finding(
                rule="slow_statement",
                subject=statement.id,
                subsystem=Subsystem.QUERY,
                title=f"A statement takes {statement.mean_ms:.0f} ms, {statement.calls} times",
                why="No index of one or two columns would help it, says the planner.",
                evidence={"statement": statement.text[:400], "calls": statement.calls, "mean_ms": statement.mean_ms},
                evidence_query=_STATEMENT.format(id=statement.id),
                action=Action(Act.ADVICE, details={"advice": "Ask for less, keep a rollup, or cache its answer."}),
                risk=Risk.LOW,
                effect=Effect("db_query_time", -0.2, -0.6, 0.0),
                blast_radius="None: it is advice.",
                undo="Nothing to undo.",
                priority=60,
            )


def spill(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for statement in snapshot.statements:
        if statement.temp_blocks >= limits.spill_blocks:
            now = snapshot.settings.get("work_mem_kb", 4_096.0)
            yield Finding(
                rule="spill",
                subject="work_mem",
                subsystem=Subsystem.QUERY,
                title="Sorts go to disk",
                why=f"A statement wrote {statement.temp_blocks * 8 / 1024:.0f} MiB of temporary files in "
                f"{statement.calls} "
                "runs, because its sorts and hashes have too little memory.",
                evidence={"statement": statement.text[:400], "temporary_blocks": statement.temp_blocks},
                evidence_query=_STATEMENT.format(id=statement.id),
                action=Action(Act.SET, "work_mem_kb", clamped("work_mem_kb", now * 4)),
                risk=Risk.MEDIUM,
                effect=Effect(f"statement:{statement.id}", -0.2, -0.6, 0.0),
                blast_radius="Each sort of a web session may use four times the memory.",
                undo=_SETTING,
                priority=45,
            )
            return


def n_plus_one(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for repeat in snapshot.repeats:
        if repeat.requests >= limits.repeats_min:
            yield Finding(
                rule="n_plus_one",
                subject=f"{repeat.route}: {repeat.statement}",
                subsystem=Subsystem.QUERY,
                title=f"{repeat.route} asks once for each of many things",
                why=f"{repeat.requests} requests sent the same statement {repeat.times:.0f} times each: "
                f"{repeat.statement}.",
                evidence={"route": repeat.route, "statement": repeat.statement, "times": round(repeat.times, 1)},
                evidence_query="repeated_statements_total / repeating_requests_total at /metrics",
                action=Action(Act.ADVICE, details={"advice": "Read them in one statement: select_related, or IN."}),
                risk=Risk.LOW,
                effect=Effect("response_time", -0.2, -0.7, 0.0),
                blast_radius="None: it is advice.",
                undo="Nothing to undo.",
                priority=65,
            )


RULES: Final = (
    bloat, stale_statistics, lock_convoy, idle_in_transaction, runaway_statement, slow_statement, spill, n_plus_one,
)  # fmt: skip
