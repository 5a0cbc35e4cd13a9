"""The little Markdown of comments, as HTML that is safe to show.

Contract   ``html_of`` knows paragraphs, line breaks, ``> quotes``, ``- lists``, **strong**, *emphasis*, `code`, bare
           addresses, [text](address) with http or https, and @handle of the people it is given. Everything else is
           shown as it was typed: text is escaped piece by piece, and no piece of it becomes a tag or an attribute but
           these.
Bound      Linear in the length of the text; markup doesn't nest.
"""

import re
from collections.abc import Collection, Iterator
from html import escape, unescape
from itertools import groupby
from typing import Final

_ADDRESS: Final = r"https?://[^\s<>\"'()\[\]]{1,500}"
_INLINE: Final = re.compile(
    rf"(?P<code>`[^`\n]{{1,500}}`)"
    rf"|\[(?P<label>[^\[\]\n]{{1,200}})\]\((?P<target>{_ADDRESS})\)"
    rf"|(?P<bare>{_ADDRESS})"
    r"|\*\*(?P<strong>[^\s*](?:[^*\n]{0,500}[^\s*])?)\*\*"
    r"|(?<![\w*])\*(?P<em>[^\s*](?:[^*\n]{0,500}[^\s*])?)\*(?![\w*])"
    r"|(?<![\w@])@(?P<handle>[A-Za-z0-9.+_-]{1,32})"
)
#: Tags of this module: what people type is escaped.
_BLOCK: Final = re.compile(r"</?(?:p|br|li|ul|blockquote)>")
_TAG: Final = re.compile(r"<[^<>]*>")
_TRAILING: Final = ".,;:!?"
#: At the end of a handle they belong to the sentence.
_AFTER_HANDLE: Final = ".+-"
_NOBODY: Final = frozenset[str]()


def html_of(text: str, people: Collection[str] = _NOBODY) -> str:
    """HTML of a stored text; the caller may mark it as safe. ``people`` are handles that have a page."""
    return "".join(_block(block, people) for block in re.split(r"\n{2,}", text.strip()) if block.strip())


def plain_of(text: str) -> str:
    """The same words in one line without marks, for lists of comments; not HTML."""
    spaced = _BLOCK.sub(" ", html_of(text))
    return " ".join(unescape(_TAG.sub("", spaced)).split())


def _block(block: str, people: Collection[str]) -> str:
    return "".join(_lines(kind, list(lines), people) for kind, lines in groupby(block.split("\n"), key=_kind))


def _kind(line: str) -> str:
    if line.startswith(">"):
        return "quote"
    return "list" if line.startswith(("- ", "* ")) else "text"


def _lines(kind: str, lines: list[str], people: Collection[str]) -> str:
    if kind == "quote":
        return f"<blockquote>{'<br>'.join(_inline(line[1:].strip(), people) for line in lines)}</blockquote>"
    if kind == "list":
        return f"<ul>{''.join(f'<li>{_inline(line[2:], people)}</li>' for line in lines)}</ul>"
    return f"<p>{'<br>'.join(_inline(line, people) for line in lines)}</p>"


def _inline(line: str, people: Collection[str]) -> str:
    return "".join(_pieces(line, people))


def _pieces(line: str, people: Collection[str]) -> Iterator[str]:
    position = 0
    for match in _INLINE.finditer(line):
        yield escape(line[position : match.start()])
        yield _named(match["handle"], people) if match["handle"] else _marked(match)
        position = match.end()
    yield escape(line[position:])


def _marked(match: re.Match[str]) -> str:
    if match["code"]:
        return f"<code>{escape(match['code'][1:-1])}</code>"
    if match["strong"]:
        return f"<strong>{escape(match['strong'])}</strong>"
    if match["em"]:
        return f"<em>{escape(match['em'])}</em>"
    if match["label"]:
        return _link(match["target"], match["label"])
    address = match["bare"].rstrip(_TRAILING)
    return _link(address, address) + escape(match["bare"][len(address) :])


def _named(handle: str, people: Collection[str]) -> str:
    name = handle.rstrip(_AFTER_HANDLE)
    if name not in people:
        return escape(f"@{handle}")
    # Nothing of a handle needs quoting in an address, and escaping is for whoever changes what a handle may hold.
    return f'<a href="/traders/{escape(name)}">@{escape(name)}</a>{escape(handle[len(name) :])}'


def _link(address: str, label: str) -> str:
    # What strangers link to gets neither our rank nor our window.
    return f'<a href="{escape(address)}" rel="nofollow ugc noopener">{escape(label)}</a>'
