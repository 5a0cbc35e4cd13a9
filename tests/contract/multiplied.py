"""The same data many times over: every row of every table of the site again and again, so that no list is short.

Every second copy has people of its own; the others belong to the people who were there, who so have many of each kind.
"""

import hashlib
import uuid
from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db import connection, models

from accounts.models import User

#: How far the keys of a copy lie from those of what it was made of.
APART: Final = 1_000_000
#: Of one table; measurements have more.
_ROWS_MAX: Final = 200
_ROOTS: Final = ("accounts", "markets", "trading", "monitoring", "analytics", "alerting", "common")
_PEOPLE: Final = ("user_id", "taker_id", "maker_id", "author_id", "owner_id", "actor_id", "trader_id")


def multiply(times: int) -> dict[str, int]:
    """Make ``times`` copies of what there is; a row of which there can be but one stays alone. Answers all rows."""
    with connection.cursor() as cursor:
        # Without triggers and foreign keys, which would ask for an order and add up what needn't add up here.
        cursor.execute("SET session_replication_role = replica")
        try:
            for model in own_models():
                _multiply(model, times)
        finally:
            cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")
    return {model._meta.db_table: model._base_manager.count() for model in own_models()}


def own_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        is_of_one_row = isinstance(model._meta.pk, models.SmallIntegerField)
        if model.__module__.split(".")[0] in _ROOTS and model._meta.managed and not is_of_one_row:
            yield model


def _multiply(model: type[models.Model], times: int) -> None:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    rows = list(model._base_manager.values(*(field.attname for field in fields))[:_ROWS_MAX])
    copies = [
        model(**{field.attname: _copied(field, row[field.attname], number) for field in fields})
        for number in range(1, times + 1)
        for row in rows
    ]
    model._base_manager.bulk_create(copies, ignore_conflicts=True, batch_size=500)


def _copied(field: Any, value: Any, number: int) -> Any:
    if value is None:
        return None
    if _is_key(field) and isinstance(value, int):
        # Nought isn't a key: it stands for all of them.
        return value if not value or (_is_of_person(field) and number % 2) else value + number * APART
    if not field.unique:
        return value
    if isinstance(value, uuid.UUID):
        return uuid.uuid5(value, str(number))
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(bytes(value) + bytes([number])).digest()[: len(bytes(value))]
    if isinstance(value, str):
        ending = f"-{number}"
        return value[: (field.max_length or 10_000) - len(ending)] + ending
    return value


def _is_key(field: Any) -> bool:
    return bool(field.primary_key or field.is_relation or field.attname.endswith("_id"))


def _is_of_person(field: Any) -> bool:
    return bool(field.related_model is User if field.is_relation else field.attname in _PEOPLE)
