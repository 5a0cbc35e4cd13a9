"""Names of apps, models and fields in the administration, in the language of who reads them.

Contract   ``say_names`` runs once, when every page of the administration is registered: from then on the names, help
           texts and labels of choices of its models are lazy translations of the English that they are declared with.
           ``names`` are those English texts, which scripts/words.py keeps in the .po: a new field without a translation
           fails its check.
Why        Marked in the models, each of some four hundred names would have to be written out beside its field, and a
           name that is written out is part of a migration. Migrations keep what was declared, not what is said here.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.contrib import admin
from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

_names: Final[dict[str, None]] = {}


def names() -> tuple[str, ...]:
    return tuple(_names)


def say_names() -> None:
    for model in _models():
        app, told = apps.get_app_config(model._meta.app_label), model._meta
        app.verbose_name = _said(app.verbose_name)
        told.verbose_name, told.verbose_name_plural = _said(told.verbose_name), _said(told.verbose_name_plural)
        for field in (*told.local_fields, *told.local_many_to_many):
            _say_field(field)


def _models() -> Iterator[type[Model]]:
    for model, page in admin.site._registry.items():
        yield model
        yield from (inline.model for inline in page.inlines)


def _say_field(field: "Field[Any, Any]") -> None:
    field.verbose_name, field.help_text = _said(field.verbose_name), _said(field.help_text)
    if field.choices:
        field.choices = [(value, _said(label)) for value, label in field.flatchoices]


def _said(text: "str | Promise | None") -> Any:
    """What is translated already stays, such as what Django says of its own users."""
    if isinstance(text, Promise) or not text:
        return text
    _names[str(text)] = None
    return gettext_lazy(str(text))
