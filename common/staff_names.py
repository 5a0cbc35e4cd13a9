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
from django.utils.translation import pgettext, pgettext_lazy

#: Beside other texts of the interface: there ``Trade`` is something to do, here it is what a transfer is of.
CONTEXT: Final = "administration"
#: Of names that are the same for one and for many.
MANY: Final = "administration, many"
_names: Final[dict[tuple[str, str], None]] = {}


def names() -> tuple[tuple[str, str], ...]:
    """Each English text with its context."""
    return tuple(_names)


def say_names() -> None:
    for model in _models():
        app, told = apps.get_app_config(model._meta.app_label), model._meta
        app.verbose_name = _said(app.verbose_name)
        # Of its own a plural is put together when it is read.
        plural = told.original_attrs.get("verbose_name_plural") or f"{told.verbose_name}s"
        told.verbose_name_plural = _said(plural, MANY if plural == told.verbose_name else CONTEXT)
        told.verbose_name = _said(told.verbose_name)
        for field in (*told.local_fields, *told.local_many_to_many):
            _say_field(field)


def label_words(label: str) -> str:
    """The name of a field that a record has kept in English, as a form had it: with a capital."""
    for name in (label, f"{label[:1].lower()}{label[1:]}"):
        if (words := pgettext(CONTEXT, name)) != name:
            return words
    return label


def _models() -> Iterator[type[Model]]:
    for model, page in admin.site._registry.items():
        yield model
        yield from (inline.model for inline in page.inlines)


def _say_field(field: "Field[Any, Any]") -> None:
    field.verbose_name, field.help_text = _said(field.verbose_name), _said(field.help_text)
    if field.choices:
        field.choices = [(value, _said(label)) for value, label in field.flatchoices]


def _said(text: "str | Promise | None", context: str = CONTEXT) -> Any:
    """What is translated already stays, such as what Django says of its own users."""
    if isinstance(text, Promise) or not text:
        return text
    _names[str(text), context] = None
    return pgettext_lazy(context, str(text))
