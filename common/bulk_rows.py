"""Insert and update many rows of a model; see ``common.bulk`` for modes, reports and repeats.

Bound      An insert of a chunk is one statement, an update as well. ``save`` and signals are passed by, as with
           Django's own bulk operations.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import sql

from common.bulk import BulkOptions, BulkReport, RowRefusedError, process_rows
from common.bulk_columns import Column, names, placeholders

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
    report = process_rows(rows, _inserter(model), options)
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
    return process_rows(rows, _updater(model, fields), options)


def _stored_keys(model: type[models.Model], key_field: str, keys: Sequence[Any]) -> set[Any]:
    found = model._default_manager.filter(**{f"{key_field}__in": keys})
    return set(found.values_list(key_field, flat=True))


def _inserter(model: type[models.Model]) -> Callable[[Sequence[Any]], object]:
    """Django's ``bulk_create``, or ``INSERT ... SELECT unnest`` where every value is one of Python and has a column."""
    meta = model._meta
    key, *fields = sorted(meta.concrete_fields, key=lambda field: not field.primary_key)
    is_simple = not (
        meta.parents
        or not isinstance(key, models.AutoField)
        or any(isinstance(field, ArrayField) or field.generated or field.has_db_default() for field in fields)
    )
    if not is_simple:
        return model._default_manager.bulk_create
    return partial(_insert, meta.db_table, Column(key), [Column(field) for field in fields])


def _insert(table: str, key: Column, columns: Sequence[Column], rows: Sequence[models.Model]) -> None:
    if any(row.pk is not None for row in rows):
        type(rows[0])._default_manager.bulk_create(rows)
        return
    statement = sql.SQL("INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays}) RETURNING {key}").format(
        table=sql.Identifier(table), names=names(columns), arrays=placeholders(columns), key=key.name
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [column.added(rows) for column in columns])
        # In the order of the arrays: rows of an unnest aren't sorted before they are stored.
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = pk
            row._state.adding, row._state.db = False, connection.alias


def _updater(model: type[models.Model], field_names: Sequence[str]) -> Callable[[Sequence[Any]], None]:
    """``UPDATE ... FROM unnest``: PostgreSQL reads each column as one parameter, where Django's own ``bulk_update``
    writes a CASE with a branch a row."""
    key, *columns = [Column(field) for field in (model._meta.pk, *map(model._meta.get_field, field_names))]
    statement = sql.SQL(
        "UPDATE {table} AS t SET {pairs} FROM unnest({arrays}) AS v({names}) WHERE t.{key} = v.{key}"
    ).format(
        table=sql.Identifier(model._meta.db_table),
        pairs=sql.SQL(", ").join(sql.SQL("{0} = v.{0}").format(column.name) for column in columns),
        arrays=placeholders([key, *columns]),
        names=names([key, *columns]),
        key=key.name,
    )

    def write(rows: Sequence[Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [column.stored(rows) for column in (key, *columns)])
            found = cursor.rowcount
        if found != len(rows):
            raise RowRefusedError("bulk.row_not_found", "No row has this primary key.")

    return write
