"""What PostgreSQL counts: statements, tables, indexes, sessions.

Contract   Totals since statistics began; the caller takes differences. Without the extension pg_stat_statements there
           are no statements, which ``has_statements`` tells. Partitions of the measurements are left out: they are
           made, filled and dropped by the day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import DatabaseError, connection, transaction

from monitoring.optimizer.types import Index, Session

STATEMENTS_MAX: Final = 60
_STATEMENTS: Final = """
SELECT queryid::text, min(query), sum(calls)::bigint, sum(total_exec_time), sum(rows)::bigint,
    sum(temp_blks_written)::bigint
FROM pg_stat_statements
WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND queryid IS NOT NULL
    AND query ~* '^\\s*(select|with|update|delete|insert)'
    AND query !~ 'pg_stat_|pg_catalog|pg_class|pg_index|optimizer_'
GROUP BY queryid ORDER BY sum(total_exec_time) DESC LIMIT %s
"""
_TABLES: Final = """
SELECT t.relname, t.n_live_tup, t.n_dead_tup, t.seq_scan, t.seq_tup_read, coalesce(t.idx_scan, 0),
    t.n_tup_ins + t.n_tup_upd + t.n_tup_del, t.n_mod_since_analyze, c.relpages::bigint * 8192
FROM pg_stat_user_tables t JOIN pg_class c ON c.oid = t.relid
WHERE t.schemaname = 'public' AND NOT c.relispartition
"""
_INDEXES: Final = """
SELECT i.relname, t.relname, coalesce(u.idx_scan, 0), coalesce(s.idx_scan, 0), s.n_tup_ins + s.n_tup_upd + s.n_tup_del,
    i.relpages::bigint * 8192, x.indisunique, x.indisvalid,
    regexp_replace(pg_get_indexdef(i.oid), '^CREATE (UNIQUE )?INDEX .* USING ', ''),
    ARRAY(SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (number, place)
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number ORDER BY place)
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_stat_user_tables s ON s.relid = t.oid LEFT JOIN pg_stat_user_indexes u ON u.indexrelid = i.oid
WHERE s.schemaname = 'public' AND NOT t.relispartition AND NOT i.relispartition AND i.relkind = 'i'
"""
_SESSIONS: Final = """
SELECT pid, coalesce(state, ''), extract(epoch FROM clock_timestamp() - CASE
        WHEN state LIKE 'idle%%' THEN state_change ELSE coalesce(query_start, xact_start) END)::float8,
    left(coalesce(query, ''), 300), pg_blocking_pids(pid), coalesce(wait_event_type = 'Lock', false)
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    AND (state = 'active' OR state LIKE 'idle in%%')
"""
_MOST: Final = "SELECT current_setting('max_connections')::int"


@dataclass(frozen=True, slots=True)
class StatementTotals:
    text: str
    calls: int
    milliseconds: float
    rows: int
    temp_blocks: int


@dataclass(frozen=True, slots=True)
class TableTotals:
    live: int
    dead: int
    sequential: int
    sequential_rows: int
    by_index: int
    written: int
    changed_since_analyze: int
    bytes: int


def has_statements() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_stat_statements') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def statement_totals() -> Mapping[str, StatementTotals]:
    """Those that took most time, by their number; empty where PostgreSQL doesn't count them."""
    if not has_statements():
        return {}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_STATEMENTS, [STATEMENTS_MAX])
            return {row[0]: StatementTotals(*row[1:]) for row in cursor.fetchall()}
    except DatabaseError:
        # The extension is there, the library isn't loaded.
        return {}


def table_totals() -> Mapping[str, TableTotals]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return {row[0]: TableTotals(*row[1:]) for row in cursor.fetchall()}


def indexes() -> tuple[Index, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_INDEXES)
        return tuple(
            Index(
                name=row[0],
                table=row[1],
                scans=row[2],
                table_scans=row[3],
                table_written=row[4],
                bytes=row[5],
                is_unique=row[6],
                is_valid=row[7],
                definition=row[8],
                columns=tuple(row[9]),
            )
            for row in cursor.fetchall()
        )


def sessions() -> tuple[Session, ...]:
    """Who works, holds or waits. A session counts all that wait for it, through others too."""
    with connection.cursor() as cursor:
        cursor.execute(_SESSIONS)
        rows = cursor.fetchall()
    blockers = {pid: set(blocking) for pid, _, _, _, blocking, _ in rows if blocking}
    waiting = {pid: sum(pid in _behind(other, blockers) for other in blockers) for pid, *_ in rows}
    return tuple(
        Session(pid, state, seconds or 0.0, query, waiting[pid], is_waiting)
        for pid, state, seconds, query, _, is_waiting in rows
    )


def connections_max() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_MOST)
        return int(cursor.fetchone()[0])


def _behind(pid: int, blockers: Mapping[int, set[int]]) -> set[int]:
    """Everybody whom ``pid`` waits for, also those whom they wait for."""
    found: set[int] = set()
    todo = list(blockers.get(pid, ()))
    while todo:
        other = todo.pop()
        if other not in found:
            found.add(other)
            todo += blockers.get(other, ())
    return found
