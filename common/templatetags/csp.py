"""Part of every template: the nonce that its script and stylesheet tags have (``common.csp``)."""

from django import template
from django.utils.html import format_html

from common.csp import nonce

register = template.Library()


@register.simple_tag
def csp_nonce() -> str:
    """The attribute with the space before it; nothing in what isn't an answer, such as a mail or a report."""
    found = nonce()
    return format_html(' nonce="{}"', found) if found else ""
