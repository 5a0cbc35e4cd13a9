"""Findings about indexes: missing, never read, twice there, left invalid. No index of others is ever dropped."""

from collections import defaultdict
from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

from common.tuning.declared import Subsystem
from monitoring.optimizer.engine.limits import Limits
from monitoring.optimizer.types import (
    INDEX_PREFIX,
    Act,
    Action,
    Effect,
    Finding,
    Index,
    IndexProof,
    Risk,
    Snapshot,
)

_NAME_MAX: Final = 63
_NOTHING: Final = "Nothing to undo."
_STATEMENT: Final = "SELECT * FROM pg_stat_statements WHERE queryid = {id}"
_USE: Final = "SELECT * FROM pg_stat_user_indexes WHERE indexrelname = '{name}'"
_HOW: Final = {
    "hypopg": "with a hypothetical index on the real table",
    "sample": "with a real index on a copy of a sample of the table, rolled back",
}


def missing_index(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    statements = {statement.id: statement for statement in snapshot.statements}
    best: dict[tuple[str, tuple[str, ...]], IndexProof] = {}
    for proof in snapshot.proofs:
        if proof.cost_before < limits.cost_min or proof.saving < limits.saving_min:
            continue
        if proof.statement_id not in statements or proof.rows < limits.index_rows_min:
            continue
        key = (proof.table, proof.columns)
        if key not in best or proof.saving > best[key].saving:
            best[key] = proof
    for (table, columns), proof in _one_a_statement(best).items():
        statement = statements[proof.statement_id]
        yield Finding(
            rule="missing_index",
            subject=f"{table}({', '.join(columns)})",
            subsystem=Subsystem.QUERY,
            title=f"{table} lacks an index on {', '.join(columns)}",
            why=f"A statement that takes {statement.mean_ms:.1f} ms and ran {statement.calls} times reads "
            "the whole table of "
            f"{proof.rows} rows. The planner's cost falls by {proof.saving:.0%}, asked {_HOW[proof.how]}.",
            evidence={
                "statement": statement.text[:400],
                "calls": statement.calls,
                "mean_ms": round(statement.mean_ms, 2),
                "cost_before": round(proof.cost_before, 1),
                "cost_after": round(proof.cost_after, 1),
                "proof": proof.how,
                "rows": proof.rows,
            },
            evidence_query=_STATEMENT.format(id=statement.id),
            action=Action(
                Act.CREATE_INDEX, index_name(table, columns), details={"table": table, "columns": list(columns)}
            ),
            risk=Risk.MEDIUM,
            effect=Effect(f"statement:{statement.id}", -proof.saving, -0.99, -proof.saving * 0.3),
            blast_radius=f"Writes to {table} keep one index more; building it reads the table once, without locking "
            "it.",
            undo=f"DROP INDEX CONCURRENTLY {index_name(table, columns)}",
            priority=90,
        )


def _one_a_statement(
    best: dict[tuple[str, tuple[str, ...]], IndexProof],
) -> dict[tuple[str, tuple[str, ...]], IndexProof]:
    """The best for each statement; of two that are nearly as good the one with fewer columns."""
    chosen: dict[str, tuple[tuple[str, tuple[str, ...]], IndexProof]] = {}
    for key, proof in sorted(best.items(), key=lambda pair: (len(pair[0][1]), pair[0])):
        known = chosen.get(proof.statement_id)
        if known is None or proof.cost_after < 0.7 * known[1].cost_after:
            chosen[proof.statement_id] = (key, proof)
    return dict(chosen.values())


def index_name(table: str, columns: tuple[str, ...]) -> str:
    mark = blake2b(f"{table}:{columns}".encode(), digest_size=4).hexdigest()
    return f"{INDEX_PREFIX}{table}_{'_'.join(columns)}"[: _NAME_MAX - 9] + f"_{mark}"


def unused_index(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for index in snapshot.indexes:
        is_dear = index.bytes >= limits.unused_bytes and index.table_written >= limits.unused_written
        is_passed_over = index.scans == 0 and index.table_scans >= limits.unused_table_scans
        if index.is_valid and not index.is_unique and is_dear and is_passed_over:
            yield _advice(
                "unused_index",
                index,
                title=f"{index.name} is never read",
                why=f"{index.table} was read {index.table_scans} times by other indexes and written "
                f"{index.table_written} "
                f"times; this one of {index.bytes >> 20} MiB was kept up to date for nothing.",
                advice=f"After looking at replicas and rare reports: DROP INDEX CONCURRENTLY {index.name}",
                priority=30,
            )


def duplicate_index(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    groups: dict[tuple[str, str], list[Index]] = defaultdict(list)
    for index in snapshot.indexes:
        if index.is_valid and index.bytes >= limits.unused_bytes:
            groups[index.table, index.definition].append(index)
    for twins in groups.values():
        spare = sorted(twins, key=lambda one: (not one.is_unique, -one.scans, one.name))[1:]
        for index in spare:
            if not index.is_unique:
                yield _advice(
                    "duplicate_index",
                    index,
                    title=f"{index.name} is there twice",
                    why=f"Another index of {index.table} has the same columns, order and condition: "
                    f"{index.definition}.",
                    advice=f"DROP INDEX CONCURRENTLY {index.name}",
                    priority=35,
                )


def invalid_index(snapshot: Snapshot, limits: Limits) -> Iterator[Finding]:
    for index in snapshot.indexes:
        if not index.is_valid:
            found = _advice(
                "invalid_index",
                index,
                title=f"{index.name} was never finished",
                why="A build that failed left it: it is kept up to date and never read.",
                advice=f"REINDEX INDEX CONCURRENTLY {index.name}, or drop it.",
                priority=55,
            )
            yield _dropped(found) if index.name.startswith(INDEX_PREFIX) else found


def _dropped(finding: Finding) -> Finding:
    """Of the optimizer's own making, so that it cleans up itself."""
    return Finding(
        rule=finding.rule,
        subject=finding.subject,
        subsystem=finding.subsystem,
        title=finding.title,
        why=finding.why,
        evidence=finding.evidence,
        evidence_query=finding.evidence_query,
        action=Action(Act.DROP_INVALID, finding.subject),
        risk=Risk.MEDIUM,
        effect=finding.effect,
        blast_radius="None that reads: nothing uses an invalid index.",
        undo=finding.undo,
        priority=finding.priority,
    )


def _advice(rule: str, index: Index, *, title: str, why: str, advice: str, priority: int) -> Finding:
    return Finding(
        rule=rule,
        subject=index.name,
        subsystem=Subsystem.QUERY,
        title=title,
        why=why,
        evidence={"table": index.table, "scans": index.scans, "bytes": index.bytes, "written": index.table_written},
        evidence_query=_USE.format(name=index.name),
        action=Action(Act.ADVICE, details={"advice": advice}),
        risk=Risk.HIGH,
        effect=Effect("db_query_time", -0.02, -0.1, 0.02),
        blast_radius="None: it is advice. Indexes are dropped by people only.",
        undo=_NOTHING,
        priority=priority,
    )


RULES: Final = (missing_index, unused_index, duplicate_index, invalid_index)
