"""What the administration calls things, in German and in English, and what migrations keep of it."""

import json

import pytest
from django.apps import apps
from django.utils.translation import override

from common.models import Job
from common.staff_names import label_words, names
from common.staff_words import in_words


def test_names_are_said_in_the_language_of_the_reader() -> None:
    model = apps.get_model("markets", "Market")
    with override("de"):
        assert str(model._meta.verbose_name_plural) == "Märkte"
        assert str(model._meta.get_field("closes_at").verbose_name) == "schließt am"
        assert str(Job._meta.get_field("priority").help_text) == "Höhere kommen zuerst dran."
        assert dict(model._meta.get_field("status").flatchoices)["resolved"] == "entschieden"
        assert str(apps.get_app_config("common").verbose_name) == "Jobs und Funktionsschalter"
    assert str(model._meta.verbose_name_plural) == "markets"
    assert str(model._meta.get_field("closes_at").verbose_name) == "closes at"


def test_migrations_keep_what_was_declared() -> None:
    field = apps.get_model("markets", "Market")._meta.get_field("closes_at")
    assert "verbose_name" not in field.deconstruct()[3]


def test_every_name_is_known_to_the_catalogues() -> None:
    assert ("closes at", "administration") in names()
    assert ("series", "administration, many") in names()


@pytest.mark.parametrize(
    ("language", "said"), [("de", ["Schließt am", "E-Mail-Adresse"]), ("en", ["Closes at", "e-mail address"])]
)
def test_what_a_record_names_is_said(language: str, said: list[str]) -> None:
    kept = json.dumps([{"changed": {"fields": ["Closes at", "e-mail address"]}}])
    with override(language):
        [told] = json.loads(in_words(kept))
    assert [label.casefold() for label in told["changed"]["fields"]] == [label.casefold() for label in said]


def test_a_label_of_nobody_stays() -> None:
    with override("de"):
        assert label_words("Shoe size") == "Shoe size"
        assert in_words("Changed by hand.") == "Changed by hand."
