"""Insert and update many rows of a model; see ``common.bulk`` for modes, reports and repeats.

Bound      An insert of a chunk is one statement, an update as well. ``save`` and signals are passed by, as with
           Django's own bulk operations.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import sql

from common.bulk import BulkOptions, BulkReport, RowRefusedError, process_rows

Row = TypeVar("Row", bound=models.Model)


def insert_rows(
    model: type[Row], rows: Sequence[Row], options: BulkOptions[Row] | None = None, *, key_field: str = ""
) -> BulkReport:
    """Insert ``rows``. ``key_field`` names the unique column of the client key, which makes repeats harmless."""
    options = options or BulkOptions()
    if key_field:
        options = replace(
            options,
            key=lambda row: getattr(row, key_field),
            known_keys=partial(_stored_keys, model, key_field),
        )
    unsaved = [row for row in rows if row.pk is None]
    report = process_rows(rows, model._default_manager.bulk_create, options)
    if not report.is_kept:
        for row in unsaved:
            row.pk = None
    return report


def update_rows(
    model: type[Row], rows: Sequence[Row], fields: Sequence[str], options: BulkOptions[Row] | None = None
) -> BulkReport:
    """Write ``fields`` of ``rows``, which are found by their primary keys.

    A row that doesn't exist fails as ``bulk.row_not_found``.
    """
    return process_rows(rows, _writer(model, fields), options)


def _stored_keys(model: type[models.Model], key_field: str, keys: Sequence[Any]) -> set[Any]:
    found = model._default_manager.filter(**{f"{key_field}__in": keys})
    return set(found.values_list(key_field, flat=True))


@dataclass(frozen=True, slots=True)
class _Column:
    field: Any
    type: str

    def values(self, rows: Sequence[models.Model]) -> list[Any]:
        return [self.field.get_db_prep_save(getattr(row, self.field.attname), connection=connection) for row in rows]


def _writer(model: type[models.Model], names: Sequence[str]) -> Callable[[Sequence[Any]], None]:
    """``UPDATE ... FROM unnest``: PostgreSQL reads each column as one parameter, where Django's own ``bulk_update``
    writes a CASE with a branch a row."""
    fields = [model._meta.get_field(name) for name in names]
    assert not any(isinstance(field, ArrayField) for field in fields), "unnest would flatten arrays; use bulk_update"
    key, *columns = [
        _Column(field, str(field.rel_db_type(connection) if field is model._meta.pk else field.db_type(connection)))
        for field in [model._meta.pk, *fields]
    ]
    statement = _statement(model, key, columns)

    def write(rows: Sequence[Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [column.values(rows) for column in (key, *columns)])
            found = cursor.rowcount
        if found != len(rows):
            raise RowRefusedError("bulk.row_not_found", "No row has this primary key.")

    return write


def _statement(model: type[models.Model], key: _Column, columns: Sequence[_Column]) -> sql.Composed:
    def name(column: _Column) -> sql.Identifier:
        return sql.Identifier(column.field.column)

    return sql.SQL(
        "UPDATE {table} AS t SET {pairs} FROM unnest({arrays}) AS v({names}) WHERE t.{key} = v.{key}"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        pairs=sql.SQL(", ").join(sql.SQL("{0} = v.{0}").format(name(column)) for column in columns),
        arrays=sql.SQL(", ").join(sql.SQL(f"%s::{column.type}[]") for column in (key, *columns)),
        names=sql.SQL(", ").join(name(column) for column in (key, *columns)),
        key=name(key),
    )
