"""Columns and filters of the administration that hold what programs made, in the language of who reads them."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Field

from common.phrases import said


def said_column(field: "Field[Any, Any]") -> Callable[[Any], str]:
    """Instead of the field in the lists and on the pages of its model."""

    @admin.display(description=field.verbose_name, ordering=field.name)
    def column(target: Any) -> str:
        return said(getattr(target, field.name))

    column.__name__ = field.name
    return column


class SaidFilter(admin.AllValuesFieldListFilter):
    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": said(choice["display"])}
