"""Whether an index would help a statement, asked of PostgreSQL's own planner.

How        With the extension HypoPG: a hypothetical index on the real table. Without it: a temporary table that takes
           the real one's name for this session, filled with a sample of its rows and given its indexes; the index is
           really built on it, the planner is asked before and after, and all of it is rolled back. The real table is
           only read, and nothing of it is locked against anybody.
Contract   Costs of a sample are told for the whole table, in proportion. What the planner can't be asked (a parameter
           whose type nobody knows) has no proof.
Bound      ``BUDGET_S`` for all statements together, ``SAMPLE_ROWS`` rows, ``STATEMENT_MS`` each.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import orjson
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from monitoring.optimizer.engine.candidates import candidates
from monitoring.optimizer.types import Index, IndexProof, Statement

SAMPLE_ROWS: Final = 10_000
ROWS_MIN: Final = 5_000
BUDGET_S: Final = 0.25
STATEMENT_MS: Final = 1_000
_SHAPES: Final = """
SELECT c.relname, greatest(c.reltuples, 0)::bigint, array_agg(a.attname::text)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition
GROUP BY c.oid
"""
_HYPOPG: Final = "SELECT 1 FROM pg_extension WHERE extname = 'hypopg'"


def index_proofs(
    statements: Iterable[Statement], indexes: Iterable[Index], live: Mapping[str, int]
) -> tuple[IndexProof, ...]:
    """Proofs for the statements, in their order, as long as the budget lasts. ``live`` are rows by table."""
    columns, rows = _shapes(live)
    leading = {(index.table, index.columns[: len(index.columns)][:2]) for index in indexes if index.is_valid}
    leading |= {(table, names[:1]) for table, names in leading}
    until = time.monotonic() + BUDGET_S
    found: list[IndexProof] = []
    for statement in statements:
        if time.monotonic() >= until:
            break
        wanted = [
            (table, names)
            for table, names in candidates(statement.text, columns)
            if rows.get(table, 0) >= ROWS_MIN and (table, names) not in leading
        ]
        if wanted:
            found += _proofs(statement, wanted, rows)
    return tuple(found)


def _shapes(live: Mapping[str, int]) -> tuple[dict[str, frozenset[str]], dict[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_SHAPES)
        shapes = cursor.fetchall()
    columns = {table: frozenset(names) for table, _, names in shapes}
    # Until its first analysis a table has no estimate; its counter of live rows knows more then.
    return columns, {table: max(rows, live.get(table, 0)) for table, rows, _ in shapes}


def _proofs(
    statement: Statement, wanted: list[tuple[str, tuple[str, ...]]], rows: Mapping[str, int]
) -> Iterator[IndexProof]:
    how = "hypopg" if _has_hypopg() else "sample"
    tables = dict.fromkeys(table for table, _ in wanted)
    for table in tables:
        choices = [names for other, names in wanted if other == table]
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {STATEMENT_MS}")
                share = 1.0 if how == "hypopg" else _sampled(cursor, table, rows[table])
                found = list(_compared(cursor, statement, table, choices, how))
                transaction.set_rollback(True)
        except DatabaseError:
            continue
        for names, before, after in found:
            yield IndexProof(statement.id, table, names, before / share, after / share, how, rows[table])


def _has_hypopg() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_HYPOPG)
        return cursor.fetchone() is not None


def _sampled(cursor: Any, table: str, rows: int) -> float:
    """A temporary twin with a sample of the rows; the share of them that it holds."""
    name = sql.Identifier(table)
    percent = min(100.0, max(0.01, 110.0 * SAMPLE_ROWS / max(rows, 1)))
    cursor.execute(
        sql.SQL("CREATE TEMPORARY TABLE {name} (LIKE public.{name} INCLUDING INDEXES) ON COMMIT DROP").format(name=name)
    )
    cursor.execute(
        sql.SQL(
            "INSERT INTO pg_temp.{name} SELECT * FROM public.{name} TABLESAMPLE SYSTEM ({percent}) LIMIT {most}"
        ).format(name=name, percent=sql.Literal(percent), most=sql.Literal(SAMPLE_ROWS))
    )
    taken: int = cursor.rowcount
    cursor.execute(sql.SQL("ANALYZE pg_temp.{name}").format(name=name))
    return max(taken, 1) / max(rows, taken, 1)


def _compared(
    cursor: Any, statement: Statement, table: str, choices: list[tuple[str, ...]], how: str
) -> Iterator[tuple[tuple[str, ...], float, float]]:
    before = _cost(cursor, statement.text)
    schema = "public" if how == "hypopg" else "pg_temp"
    for names in choices:
        with transaction.atomic():
            columns = ", ".join(f'"{name}"' for name in names)
            definition = f'CREATE INDEX ON {schema}."{table}" ({columns})'
            if how == "hypopg":
                cursor.execute("SELECT hypopg_create_index(%s)", [definition])
            else:
                cursor.execute(definition)
            after = _cost(cursor, statement.text)
            if how == "hypopg":
                cursor.execute("SELECT hypopg_reset()")
            else:
                transaction.set_rollback(True)
        yield names, before, after


def _cost(cursor: Any, text: str) -> float:
    # A statement can't be a parameter of EXPLAIN.
    cursor.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {text}")  # nosemgrep: raw-sql
    plan = cursor.fetchone()[0]
    document = orjson.loads(plan) if isinstance(plan, str | bytes) else plan
    return float(document[0]["Plan"]["Total Cost"])
