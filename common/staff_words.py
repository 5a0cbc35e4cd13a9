"""Columns and filters of the administration that hold what programs made, in the language of who reads them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Field

from common.phrases import said
from common.staff_names import label_words


def said_column(field: "Field[Any, Any]") -> Callable[[Any], str]:
    """Instead of the field in the lists and on the pages of its model."""

    @admin.display(description=field.verbose_name, ordering=field.name)
    def column(target: Any) -> str:
        return said(getattr(target, field.name))

    column.__name__ = field.name
    return column


def in_words(message: str) -> str:
    """What a record of Django's says was changed, with the names of fields as the reader's language has them."""
    if not message.startswith("["):
        return message
    parts: list[dict[str, dict[str, Any]]] = json.loads(message)
    for told in (told for part in parts for told in part.values()):
        if "fields" in told:
            told["fields"] = [label_words(label) for label in told["fields"]]
        if "name" in told:
            told["name"] = label_words(told["name"])
    return json.dumps(parts)


class SaidFilter(admin.AllValuesFieldListFilter):
    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": said(choice["display"])}
