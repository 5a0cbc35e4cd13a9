"""One request for all stylesheets of a page: links to our own files become one, to these files one after another."""

import re
from typing import Final

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

register = template.Library()
#: Before the first name and between the names; no file's name has it.
SEPARATOR: Final = "~"
_LINK: Final = re.compile(r"<link\b[^<>]*\brel=\"stylesheet\"[^<>]*\bhref=\"(?P<href>[^\"]+)\"[^<>]*>\s*")


def with_one_link(html: str) -> str:
    """The same head, whose own stylesheets come together where the first of them was; others stay what they are."""
    root = str(staticfiles_storage.url(SEPARATOR)).removesuffix(SEPARATOR)
    own = [found for found in _LINK.finditer(html) if found["href"].startswith(root)]
    if not own:
        return html
    names = dict.fromkeys(found["href"].removeprefix(root) for found in own)
    address = staticfiles_storage.url(f"{SEPARATOR}/{SEPARATOR.join(names)}")
    joined = own[0][0].replace(own[0]["href"], address)
    before, after = html[: own[0].start()], html[own[0].end() :]
    rest = _LINK.sub(lambda found: "" if found["href"].startswith(root) else found[0], after)
    return f"{before}{joined}{rest}"


class _Styles(template.Node):
    def __init__(self, nodes: NodeList) -> None:
        self.nodelist = nodes

    def render(self, context: Context) -> SafeString:
        # Made of what is safe already, less some tags of it.
        return SafeString(with_one_link(self.nodelist.render(context)))  # nosec B703 # nosemgrep: mark-safe


@register.tag
def styles(parser: Parser, _: Token) -> _Styles:
    """``{% styles %}`` around the links of a head, up to ``{% endstyles %}``."""
    nodes = parser.parse(("endstyles",))
    parser.delete_first_token()
    return _Styles(nodes)
