"""Every kind of page that a walk along the links finds, read for sentences that are English on a German page.

What people wrote stays as they wrote it: here that is whatever the seeds of this site write. The documents under
``/docs``, but how it works, and those of the API are English.
"""

import ast
import functools
import re
from collections import deque
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from scripts.words import catalog, strings_of
from tests.quality.conftest import Profile, Site
from tests.quality.test_accessibility import ALSO, LINK, TEXTS, kind, pages

pytestmark = [pytest.mark.quality, pytest.mark.timeout(600)]
ROOT: Final = Path(__file__).resolve().parents[2]
#: Who writes content here.
WRITERS: Final = ("tests/e2e/seed.py", "tests/quality/seed.py", "tests/factories/markets.py")
#: Files, and what ends the session.
ELSEWHERE: Final = ("/admin/jsi18n", "/admin/logout", "/static/", "/__", "/accounts/logout")
#: The one document that is a page for traders.
GUIDE: Final = "/docs/how-it-works"
#: Keys that are shown as they are: of what the site makes itself, and of the language of rules.
KEYS: Final = frozenset({"in-app", "operators", "cpu explains slow answers", "web", "worker", "memory", "change"})
#: Words that English sentences have and German ones don't.
ENGLISH: Final = re.compile(
    r"\b(?:the|of|and|with|is|are|for|since|by|from|than|when|which|who|have|has|that|your|you|be|its|their|every|each"
    r"|it|to|at|this|more|between|over|would|should|nobody|somebody|nothing|everything)\b",
    re.IGNORECASE,
)
#: Names that are the same in every language.
NAMES: Final = re.compile(
    r"(?:America|Europe)/[\w /]+|[\d.]+ to [\d.]+ \w+|[\d.]+ \w+ or more|etwa 2027-01-01|GET /\S+"
    r"|Pressure Stall Information"
)
#: Numbers and days as English or machines write them, such as 12.5, 1,234.56, 12%, 2026-11-23 and 23 Nov.
FOREIGN: Final = re.compile(
    r"(?<![\w.,/-])\d+\.(?:\d{1,2}|\d{4,})(?![\d.]|-\w)|(?<![\d.,])[1-9]\d{0,2},\d{3}[,.]\d|\d%(?!\w)"
    r"|\b\d{4}-\d\d-\d\d\b|\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?!kt)"
    r"|\b\d{1,2}(?::\d\d)? [ap]m\b"
)
#: What lists of comments leave out of them.
_MARKDOWN: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)|[*`>]|(?<=\n)- ")
_SILENT: Final = frozenset({"script", "style", "code", "pre", "kbd", "noscript", "template", "textarea"})
_READ: Final = frozenset({"title", "aria-label", "placeholder", "alt", "data-tip", "data-label"})
_VOID: Final = frozenset(
    {"meta", "link", "input", "br", "hr", "img", "path", "rect", "circle", "line", "source", "col"}
)


class _Texts(HTMLParser):
    """What is read aloud or shown of a page, outside of code and of what says that it is another language."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_icon = "material-symbols" in (given.get("class") or "")
        is_silent = is_icon or tag in _SILENT or (tag != "html" and given.get("lang", "de") != "de")
        if tag not in _VOID:
            self._open.append((tag, is_silent))
        if not is_silent and not any(silent for _, silent in self._open):
            self.texts += [value for name, value in attrs if name in _READ and value]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not any(silent for _, silent in self._open):
            self.texts.append(text)


def content() -> list[str]:
    """What the seeds write, the longest first."""
    found = set()
    for name in WRITERS:
        tree = ast.parse((ROOT / name).read_text("utf-8"))
        found |= {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    found |= {_MARKDOWN.sub(r"\1", text) for text in found}
    return sorted((" ".join(text.split()) for text in found if len(text) > 3), key=len, reverse=True)


@functools.cache
def unsaid() -> frozenset[str]:
    """English of which there is another German: a name alone, of a field say, is no sentence."""
    words = [message for domain in ("django", "phrases") for message in catalog("de", domain) if message.id]
    said = {text.casefold() for message in words for text in strings_of(message)}
    own = {message.id if isinstance(message.id, str) else message.id[0] for message in words}
    return frozenset(text.casefold() for text in own) - said - KEYS


def english(html: str, written: list[str]) -> list[str]:
    parser = _Texts()
    parser.feed(html)
    found = []
    for text in dict.fromkeys(parser.texts):
        # Emphasis parts what people wrote.
        if len(text) > 2 and any(text.removesuffix("…") in one for one in written):
            continue
        rest = text
        for one in written:
            rest = rest.replace(one, " ")
        rest = NAMES.sub(" ", rest)
        if ENGLISH.search(rest) or FOREIGN.search(rest) or text.casefold() in unsaid():
            found.append(text)
    return found


def page_of(path: str) -> str:
    """Pages of one kind; in the administration what is done with each model is one of its own."""
    if not path.startswith("/admin/"):
        return kind(path)
    try:
        return f"admin {resolve(urlsplit(path).path).url_name}"
    except Resolver404:
        return path


def walked(profile: Profile, handle: str, *, address: str) -> list[str]:
    """Each English text that a German reader of this role finds, with the page where it stands."""
    context = profile(handle)
    context.add_cookies([{"name": "language", "value": "de", "url": address}])
    written, passed, told = content(), set(), []
    waiting = deque([GUIDE, *ALSO, *sorted({path for method, _, path in pages() if method == "get"})])
    while waiting:
        path = waiting.popleft()
        name = page_of(path)
        if name in passed or (path.startswith((*ELSEWHERE, *TEXTS)) and path != GUIDE):
            continue
        passed.add(name)
        answer = context.request.get(path, max_redirects=0, fail_on_status_code=False)
        is_page = "text/html" in answer.headers.get("content-type", "") and "content-disposition" not in answer.headers
        if (answer.status >= 300 and answer.status != 404) or not is_page:
            continue
        html = answer.text()
        told += [f"{path} {text}" for text in english(html, written)]
        waiting.extend(map(unescape, LINK.findall(html)))
    assert len(passed) >= 40, len(passed)
    return told


@pytest.mark.parametrize("handle", ["", "bob", "dave"])
def test_a_german_page_says_nothing_in_english(profile: Profile, site: Site, handle: str) -> None:
    """As a stranger, and as the operator, who sees all that a trader sees."""
    found = walked(profile, handle, address=site.url)
    assert found == [], "\n".join(found)


def test_an_english_sentence_is_found() -> None:
    page = (
        '<html lang="de"><title>Märkte</title><p title="Number of the fills">Zahl</p><p>Hier<b>stands the rest</b></p>'
        '<i class="material-symbols-outlined">comment</i><th>Closes at</th>'
        '<code>the code</code><p lang="en">the words of others</p><p>It did, see the pictures.</p></html>'
    )
    assert english(page, content()) == ["Number of the fills", "stands the rest", "Closes at"]
