"""All evidence of one moment, as the rules want it: what happened since the last look.

Contract   ``look`` answers the snapshot and the counters to compare the next one with. A counter that went back
           (statistics were reset) counts from zero. Proofs are asked anew for a statement every ``PROOF_S``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from common import clock
from common.caching.metrics import HITS
from monitoring.optimizer.engine.limits import LIMITS
from monitoring.optimizer.selectors.evidence import postgres, proofs, store
from monitoring.optimizer.selectors.evidence.counters import Counted, counted, labelled
from monitoring.optimizer.selectors.evidence.measured import recent_means
from monitoring.optimizer.selectors.tuning import values_in_force
from monitoring.optimizer.types import CacheUse, Index, IndexProof, Repeat, Snapshot, Statement, Store, Table

PROOF_S: Final = 3_600.0
Counters = Mapping[str, Any]


def look(before: Counters) -> tuple[Snapshot, dict[str, Any]]:
    """The snapshot since ``before`` (empty: since statistics began), and the counters of now."""
    now = clock.now().timestamp()
    seconds = max(now - float(before.get("at", now - 60.0)), 1.0)
    read, statements, tables = counted(), postgres.statement_totals(), postgres.table_totals()
    known, evicted = store.store_totals()
    ran = _statements(statements, before.get("statements", {}))
    indexes = postgres.indexes()
    live = {name: one.live for name, one in tables.items()}
    proven = _proofs(ran, indexes, live, before.get("proofs", {}), now)
    snapshot = Snapshot(
        seconds=seconds,
        values=recent_means(),
        statements=ran,
        tables=_tables(tables, before.get("tables", {})),
        indexes=indexes,
        proofs=tuple(_proof(one) for known in proven.values() for one in known["found"]),
        sessions=postgres.sessions(),
        caches=_caches(read, before.get("totals", {}), seconds) if before else (),
        repeats=_repeats(read, before.get("totals", {})) if before else (),
        queues=store.queues(),
        store=Store(
            known.used, known.allowed, max(0, evicted - int(before.get("evicted", evicted))), known.fragmentation
        ),
        settings=values_in_force(),
        memory=read.memory,
        connections_max=postgres.connections_max(),
    )
    return snapshot, {
        "at": now,
        "totals": dict(read.totals),
        "statements": {
            key: [one.calls, one.milliseconds, one.rows, one.temp_blocks] for key, one in statements.items()
        },
        "tables": {
            key: [one.sequential, one.sequential_rows, one.by_index, one.written] for key, one in tables.items()
        },
        "evicted": evicted,
        "proofs": proven,
    }


def _since(now: float, before: float) -> float:
    return now - before if now >= before else now


def _statements(
    totals: Mapping[str, postgres.StatementTotals], before: Mapping[str, Sequence[float]]
) -> tuple[Statement, ...]:
    found = []
    # A full list left some out, so what one of these did since then isn't known before the next look.
    was_full = len(before) >= postgres.STATEMENTS_MAX
    for key, one in totals.items():
        if was_full and key not in before:
            continue
        calls, ms, rows, temp = before.get(key, (0, 0.0, 0, 0))
        if one.calls < calls:
            calls, ms, rows, temp = 0, 0.0, 0, 0
        if one.calls > calls:
            mean = (one.milliseconds - ms) / (one.calls - calls)
            more = (one.rows - rows, one.temp_blocks - temp)
            found.append(Statement(key, one.text, int(one.calls - calls), mean, *more))
    return tuple(sorted(found, key=lambda one: -one.mean_ms * one.calls))


def _tables(totals: Mapping[str, postgres.TableTotals], before: Mapping[str, Sequence[int]]) -> tuple[Table, ...]:
    found = []
    for name, one in totals.items():
        old = before.get(name, (0, 0, 0, 0))
        counts = (one.sequential, one.sequential_rows, one.by_index, one.written)
        grown = [int(_since(now, then)) for now, then in zip(counts, old, strict=True)]
        scans, scanned, by_index, written = grown
        found.append(
            Table(
                name=name,
                live=one.live,
                dead=one.dead,
                sequential=scans,
                sequential_rows=scanned,
                by_index=by_index,
                written=written,
                changed_since_analyze=one.changed_since_analyze,
                bytes=one.bytes,
            )
        )
    return tuple(found)


def _proofs(
    ran: Sequence[Statement],
    indexes: tuple[Index, ...],
    live: Mapping[str, int],
    before: Mapping[str, Any],
    now: float,
) -> dict[str, Any]:
    """By statement: when it was proven, and the proofs as lists."""
    slow = [one for one in ran if one.mean_ms >= LIMITS.slow_ms and one.calls >= LIMITS.slow_calls]
    fresh = {one.id: before[one.id] for one in slow if one.id in before and now - before[one.id]["at"] < PROOF_S}
    asked = [one for one in slow if one.id not in fresh]
    found: dict[str, Any] = dict(fresh)
    for one in asked[:3]:
        rows = proofs.index_proofs([one], indexes, live)
        found[one.id] = {"at": now, "found": [asdict(proof) for proof in rows]}
    return found


def _proof(document: Mapping[str, Any]) -> IndexProof:
    return IndexProof(
        statement_id=document["statement_id"],
        table=document["table"],
        columns=tuple(document["columns"]),
        cost_before=document["cost_before"],
        cost_after=document["cost_after"],
        how=document["how"],
        rows=document["rows"],
    )


def _caches(read: Counted, before: Mapping[str, float], seconds: float) -> tuple[CacheUse, ...]:
    grown = {text: _since(value, before.get(text, 0.0)) for text, value in read.totals.items()}
    asked: dict[tuple[str, str], dict[str, float]] = {}
    for labels, value in labelled(grown, "cache_reads_total"):
        if labels["outcome"] != "bypass":
            asked.setdefault((labels["cache"], labels["function"]), {})[labels["outcome"]] = value
    sums = {_pair(labels): value for labels, value in labelled(grown, "cache_compute_seconds_sum")}
    counts = {_pair(labels): value for labels, value in labelled(grown, "cache_compute_seconds_count")}
    written = {_pair(labels): value for labels, value in labelled(grown, "cache_written_bytes_total")}
    ttls = {_pair(labels): value for labels, value in labelled(read.levels, "cache_ttl_seconds")}
    single = {name: _by_function(grown, name) for name in ("cache_evictions_total", "cache_keys_read_total")}
    single |= {"hottest": _by_function(grown, "cache_hottest_read_total")}
    levels = {name: _by_function(read.levels, f"cache_function_{name}") for name in ("entries", "entries_max")}
    found = []
    for (cache, function), outcomes in asked.items():
        reads, computed = sum(outcomes.values()), counts.get((cache, function), 0.0)
        keys = single["cache_keys_read_total"].get(function, 0.0)
        if reads > 0:
            found.append(
                CacheUse(
                    cache=cache,
                    function=function,
                    reads_per_s=reads / seconds,
                    found=sum(outcomes.get(outcome, 0.0) for outcome in HITS) / reads,
                    ttl_s=ttls.get((cache, function), 60.0),
                    compute_ms=1_000 * sums[cache, function] / computed if computed else None,
                    entries=int(levels["entries"].get(function, 0)),
                    entries_max=int(levels["entries_max"].get(function, 0)),
                    evicted_per_s=single["cache_evictions_total"].get(function, 0.0) / seconds,
                    bytes_written=written.get((cache, function), 0.0) / computed if computed else 0.0,
                    hottest=single["hottest"].get(function, 0.0) / keys if keys else 0.0,
                )
            )
    return tuple(found)


def _pair(labels: Mapping[str, str]) -> tuple[str, str]:
    return labels["cache"], labels["function"]


def _by_function(totals: Mapping[str, float], name: str) -> dict[str, float]:
    return {labels["function"]: value for labels, value in labelled(totals, name)}


def _repeats(read: Counted, before: Mapping[str, float]) -> tuple[Repeat, ...]:
    grown = {text: _since(value, before.get(text, 0.0)) for text, value in read.totals.items()}
    times = {tuple(labels.values()): value for labels, value in labelled(grown, "repeated_statements_total")}
    found = []
    for labels, requests in labelled(grown, "repeating_requests_total"):
        if requests > 0:
            route = f"{labels['method']} {labels['route']}"
            sent = times.get(tuple(labels.values()), 0.0)
            found.append(Repeat(route, labels["statement"], int(requests), sent / requests))
    return tuple(found)
