"""Part of every template: the nonce that its script and stylesheet tags have (``common.csp``)."""

from django import template

from common.csp import nonce

register = template.Library()


@register.simple_tag
def csp_nonce() -> str:
    return nonce()
