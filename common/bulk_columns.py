"""Columns of many rows as array parameters, each one text that PostgreSQL reads with ``unnest``.

Why        Preparing value by value and dumping lists takes a client longer than storing takes PostgreSQL. Texts and
           whole numbers, which most columns hold, need neither.
Bound      Array fields have no place here: ``unnest`` would flatten them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg import sql

from common.arrays import integers, texts

#: Fields whose values go to the database as they are, if they have this very type.
_PLAIN: Final[dict[type, tuple[type, Any]]] = {
    **dict.fromkeys((models.CharField, models.SlugField, models.TextField), (str, texts)),
    **dict.fromkeys(
        (
            models.IntegerField,
            models.BigIntegerField,
            models.SmallIntegerField,
            models.PositiveIntegerField,
            models.PositiveBigIntegerField,
            models.PositiveSmallIntegerField,
            models.AutoField,
            models.BigAutoField,
        ),
        (int, integers),
    ),
}


@dataclass(frozen=True)
class Column:
    field: Any

    def __post_init__(self) -> None:
        assert not isinstance(self.field, ArrayField), "unnest would flatten arrays; use Django's own bulk operations"

    @cached_property
    def name(self) -> sql.Identifier:
        return sql.Identifier(self.field.column)

    @cached_property
    def placeholder(self) -> sql.SQL:
        column_type = self.field.rel_db_type(connection) if self.field.primary_key else self.field.db_type(connection)
        # Without its length: a cast to varchar(60) cuts a longer text, where storing it refuses the row.
        return sql.SQL(f"%s::{column_type.partition('(')[0]}[]")

    def parameter(self, values: Sequence[Any]) -> Any:
        """What ``placeholder`` takes for ``values``, one of each row."""
        plain = _PLAIN.get(type(self.field))
        if plain is not None and all(type(value) is plain[0] or value is None for value in values):
            return plain[1](values)
        return [self.field.get_db_prep_save(value, connection=connection) for value in values]

    def stored(self, rows: Sequence[models.Model]) -> Any:
        return self.parameter([getattr(row, self.field.attname) for row in rows])

    def added(self, rows: Sequence[models.Model]) -> Any:
        """As ``stored``, for rows that are new: some fields set themselves then."""
        return self.parameter([self.field.pre_save(row, True) for row in rows])


def names(columns: Sequence[Column]) -> sql.Composed:
    return sql.SQL(", ").join(column.name for column in columns)


def placeholders(columns: Sequence[Column]) -> sql.Composed:
    return sql.SQL(", ").join(column.placeholder for column in columns)
