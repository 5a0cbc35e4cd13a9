"""Part of every template: numbers as the reader writes them."""

from django import template
from django.template import defaultfilters

from common.languages import outcome_word as said_outcome
from common.languages import written

register = template.Library()


@register.filter(is_safe=True)
def floatformat(number: object, places: int | str = -1) -> str:
    """Django's, in the marks of the reader's language."""
    return written(str(defaultfilters.floatformat(number, places)))


@register.filter
def outcome_word(name: str) -> str:
    """An outcome's name as the reader's language has it."""
    return said_outcome(name)
