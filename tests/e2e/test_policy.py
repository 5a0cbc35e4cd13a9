"""A real browser walks the site: nothing on any kind of page is refused by the policy, and no script fails.

The walk follows the links of each page to kinds of pages that it hasn't seen; in the administration, to each kind of
page once (a list, a form, a history ...), whatever model it is of.
"""

import re
from collections import deque
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import Site, sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
#: In each page, before anything else runs.
_LISTEN: Final = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""
_LINKS: Final = """() => [...document.querySelectorAll("a[href]")].map((link) => link.href)"""
_NOT_PAGES: Final = re.compile(
    r"logout|\.(?:csv|atom|json|xml|txt|yaml|js|svg|ics)$|/export|/download|/result|oauth|/__"
)
#: A question or a socket that ended with its page; and answers that refuse, which are told of each of them.
_CUT_OFF: Final = re.compile(r"Failed to fetch|WebSocket|Failed to load resource|NetworkError|AbortError")
#: What is done in the administration, whatever it is done with.
_ADMIN: Final = re.compile(r"^(?:[a-z0-9_]+)_(changelist|add|change|delete|history)$")


def kind(path: str) -> str:
    """Pages of one kind share a route; in the administration, what is done, whatever it is done with."""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    found = _ADMIN.match(match.url_name or "") if path.startswith("/admin/") else None
    return f"admin {found[1]}" if found else match.route


def walk(page: Page, site: Site, *begin: str) -> Iterator[str]:
    """Each kind of page once, as paths."""
    waiting, seen = deque(begin), set()
    while waiting:
        path = waiting.popleft()
        if not (name := kind(urlsplit(path).path)) or name in seen or _NOT_PAGES.search(urlsplit(path).path):
            continue
        seen.add(name)
        answer = page.goto(path)
        assert answer is not None
        page.wait_for_load_state("load")
        if "text/html" not in (answer.headers.get("content-type") or ""):
            continue
        yield path
        found = [urlsplit(link) for link in page.evaluate(_LINKS)]
        own = urlsplit(site.url).netloc
        waiting.extend(f"{link.path}?{link.query}" if link.query else link.path for link in found if link.netloc == own)


@pytest.fixture
def walker(site: Site, browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what was refused in it or failed; not what was cut off because the walk went on."""
    with browser.new_context(base_url=site.url) as context:
        complaints: list[str] = []
        context.set_default_timeout(120_000)
        context.add_init_script(_LISTEN)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
        yield context.new_page(), complaints


@pytest.mark.parametrize(
    ("who", "begin", "at_least"),
    [
        ("", ("/", "/markets/rain"), 15),
        ("bob", ("/", "/markets/rain", "/portfolio"), 25),
        ("root", ("/", "/admin/"), 35),
    ],
)
def test_nothing_is_refused_by_the_policy(
    walker: tuple[Page, list[str]], site: Site, who: str, begin: tuple[str, ...], at_least: int
) -> None:
    page, complaints = walker
    if who:
        sign_in(page, who)
    visited = list(walk(page, site, *begin))
    assert [one for one in complaints if not _CUT_OFF.search(one)] == []
    assert len(visited) >= at_least, visited
