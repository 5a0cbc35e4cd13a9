"""Our own Markdown as HTML: texts of docs/ and of the API's descriptions. Never anybody else's: links are kept."""

import re
from functools import lru_cache
from typing import Final

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

_ANCHOR: Final = re.compile(r"[^\w\- ]")


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def as_html(text: str, *, links: dict[str, str] | None = None) -> SafeString:
    """``text`` with headings that can be linked to; ``links`` says where files of docs/ are on the site.

    A link to a file that the site doesn't show leads nowhere and is left as words.
    """
    reader = _reader()
    tokens = reader.parse(text)
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following is not None:
            token.attrSet("id", anchor(following.content))
        for inner in token.children or []:
            if inner.type == "link_open":
                _lead(inner, links or {})
    made: str = reader.renderer.render(tokens, reader.options, {})
    # Long lines scroll, with the keyboard as well; HTML of the text itself is escaped, so each of these is a block.
    made = made.replace("<pre>", '<pre tabindex="0">')
    # The text is ours, and the reader escapes HTML in it.
    return SafeString(made)  # nosec B703 # nosemgrep: mark-safe


def as_inline(text: str) -> SafeString:
    """A sentence or two without paragraphs."""
    made: str = _reader().renderInline(text)
    return SafeString(made)  # nosec B703 # nosemgrep: mark-safe


def anchor(heading: str) -> str:
    return _ANCHOR.sub("", heading.lower()).replace(" ", "-")


def _lead(token: Token, links: dict[str, str]) -> None:
    target = str(token.attrGet("href") or "")
    name, _, place = target.partition("#")
    if not name or name.startswith(("/", "http:", "https:")):
        return
    known = links.get(name)
    if known is None:
        token.attrs = {}
        return
    token.attrSet("href", f"{known}/{place}" if name == "errors.md" and place else f"{known}#{place}".rstrip("#"))
