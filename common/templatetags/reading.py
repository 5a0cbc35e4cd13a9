"""Part of every template: numbers and days as the reader writes them."""

import datetime

from django import template
from django.template import defaultfilters

from common.languages import code, date_form, written
from common.languages import outcome_word as said_outcome
from common.phrases import said as said_phrase

register = template.Library()


@register.filter(is_safe=True)
def floatformat(number: object, places: int | str = -1) -> str:
    """Django's, in the marks of the reader's language."""
    return written(str(defaultfilters.floatformat(number, places)))


@register.filter(expects_localtime=True, is_safe=False)
def date(moment: datetime.date | str | None, form: str) -> str:
    """Django's, with the day as the reader's language writes it."""
    return str(defaultfilters.date(moment, date_form(form)))


@register.filter
def outcome_word(name: str) -> str:
    """An outcome's name as the reader's language has it."""
    return said_outcome(name)


@register.filter
def said(text: object) -> str:
    """What an engine says, in the reader's language; what people wrote as they wrote it."""
    return said_phrase(text)


@register.filter
def said_within(text: object) -> str:
    """The same within a sentence: English words lose their capital, German nouns keep it."""
    return str(text).lower() if code() == "en" else said_phrase(text)
