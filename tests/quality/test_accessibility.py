"""Every kind of page that a walk along the links finds, as a stranger, a trader and the operator, read by axe-core.

Each page is judged at a desk in the light and on a phone in the dark; there it also has to fit.
"""

import re
import time
from collections import deque
from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import APIRequestContext, Page, Response, ViewportSize

from tests.contract.test_authorisation_matrix import pages
from tests.quality.conftest import AXE, Profile, visit

pytestmark = [pytest.mark.quality, pytest.mark.timeout(900)]
LINK: Final = re.compile(r"<a\b[^>]*\shref=\"(/[^\"#]*)")
#: Files, and what ends the session.
FOREIGN: Final = ("/static/", "/__", "/accounts/logout", "/admin/logout", "/admin/jsi18n")
#: What is done in the administration: one page for each, whatever it is done with, besides the forms of these models.
ADMIN: Final = re.compile(r"([a-z]+_[a-z]+)_(changelist|add|change|delete|history|do)")
FORMS: Final = ("markets_topic", "alerting_contact")
ALSO: Final = (
    "/markets/rain", "/markets/cup", "/markets/rainfall", "/markets/yesterday", "/markets/wind",
    "/traders/bob", "/docs/glossary",
    "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nothing-here", "/embed/markets/rain",
)  # fmt: skip
DESK: Final[ViewportSize] = {"width": 1440, "height": 950}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
#: axe changes nothing; the answer lists each rule that is broken, and where.
JUDGE: Final = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  const say = (n) => [n.target.join(" "), n.html.slice(0, 160), n.failureSummary].join(" ");
  return found.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map(say).join(" | "));
}"""
PATIENCE_S: Final = 20.0
#: The same for everybody, so judged as a stranger only.
TEXTS: Final = ("/docs/", "/api/v1/docs")
STATEMENTS: Final = re.compile(r'desc="(\d+) statements"')
STATEMENTS_MAX: Final = 11
TOO_WIDE: Final = "Math.max(0, document.scrollingElement.scrollWidth - innerWidth)"


def kind(path: str) -> str:
    """Pages of one kind share a route, in the administration what is done; those of ``ALSO`` are each their own."""
    if path in ALSO:
        return path
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return path
    done = ADMIN.fullmatch(match.url_name or "") if path.startswith("/admin/") else None
    return f"admin {done[2]}" if done and done[1] not in FORMS else match.route


def is_page(answer: Response | None) -> bool:
    """Not a part that scripts put into a page."""
    is_html = answer is not None and "text/html" in answer.headers.get("content-type", "")
    return answer is not None and is_html and answer.text().lstrip().lower().startswith("<!doctype html")


def faults(page: Page, patience_s: float = PATIENCE_S) -> list[str]:
    """What is wrong with the page that is shown, which gets this time to become narrow."""
    found = [f"at a desk in the light: {line}" for line in page.evaluate(JUDGE)]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    found += [f"on a phone in the dark: {line}" for line in page.evaluate(JUDGE)]
    # Charts follow the window as soon as the browser finds the time.
    until = time.monotonic() + patience_s
    while (wide := page.evaluate(TOO_WIDE)) and time.monotonic() < until:
        page.wait_for_timeout(50)
    if wide:
        found.append(f"on a phone: {wide} px wider than the window")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    return found


def costs(page: Page, path: str, answer: Response | None) -> list[str]:
    """Too many statements for the page, as the server itself counts them for whoever is signed in."""

    def count(timing: str) -> int:
        told = STATEMENTS.search(timing)
        return int(told[1]) if told else 0

    asked = count(answer.headers.get("server-timing", "") if answer is not None else "")
    if asked > STATEMENTS_MAX:
        # Lists that all readers share are read by whoever comes first, once a minute.
        asked = min(asked, count(page.request.get(path).headers.get("server-timing", "")))
    return [f"{path} {asked} statements"] if asked > STATEMENTS_MAX else []


def walk(page: Page, is_judged: Callable[[str], bool]) -> tuple[list[str], int]:
    """Judge each kind of page that ``is_judged`` names; the faults, and how many pages were judged."""
    starts = sorted({path for method, _, path in pages() if method == "get"})
    waiting = deque([*ALSO, *starts])
    passed: set[str] = set()
    refused: set[int] = set()
    found: list[str] = []
    judged = 0
    while waiting:
        path = waiting.popleft()
        name = kind(path)
        if name in passed or path.startswith(FOREIGN) or not is_judged(path):
            continue
        passed.add(name)
        answer = _open(page, path)
        if not is_page(answer):
            continue
        assert answer is not None
        if answer.status in refused:
            continue  # the page that says no is the same for all
        if answer.status != 200:
            refused.add(answer.status)
        judged += 1
        found += costs(page, path, answer)
        found += [f"{path} {line}" for line in faults(page)]
        waiting.extend(LINK.findall(page.content()))
    return found, judged


def is_open(asking: APIRequestContext, path: str) -> bool:
    """Whether whoever asks gets the page itself."""
    return asking.fetch(path, method="HEAD", max_redirects=0).status == 200


def _open(page: Page, path: str) -> Response | None:
    """The answer of a page, complete with what its scripts fetch; nothing for files, forms and signs to elsewhere."""
    told = page.request.fetch(path, method="HEAD", max_redirects=0)
    is_elsewhere = 300 <= told.status < 400 or told.status == HTTPStatus.METHOD_NOT_ALLOWED
    if is_elsewhere or "text/html" not in told.headers.get("content-type", "") or "content-disposition" in told.headers:
        return None
    return visit(page, path)


def _found(profile: Profile, handle: str, is_judged: Callable[[str], bool]) -> list[str]:
    context = profile(handle, viewport=DESK, color_scheme="light", reduced_motion="reduce")
    context.add_init_script(path=AXE)
    found, judged = walk(context.new_page(), is_judged)
    assert judged >= 20, judged
    return found


def test_axe_finds_nothing_on_what_a_trader_sees(profile: Profile) -> None:
    found = _found(profile, "bob", lambda path: not path.startswith(TEXTS))
    assert found == [], "\n".join(found)


def test_axe_finds_nothing_on_what_only_the_operator_sees(profile: Profile) -> None:
    trader = profile("bob").request
    found = _found(profile, "dave", lambda path: not path.startswith(TEXTS) and not is_open(trader, path))
    assert found == [], "\n".join(found)


def test_axe_finds_nothing_on_what_a_stranger_sees(profile: Profile) -> None:
    found = _found(profile, "", lambda _: True)
    assert found == [], "\n".join(found)


def test_the_judge_sees_what_is_wrong(profile: Profile) -> None:
    """A page whose only fault is planted is told with this fault, both ways."""
    context = profile(viewport=DESK, color_scheme="light", reduced_motion="reduce")
    context.add_init_script(path=AXE)
    page = context.new_page()
    visit(page, "/docs/how-it-works")
    page.evaluate("""() => {
      const main = document.querySelector("main");
      main.append(Object.assign(document.createElement("input"), { type: "text" }));
      const faint = Object.assign(document.createElement("p"), { textContent: "Hardly to be read" });
      faint.style.color = "color-mix(in srgb, currentColor 5%, transparent)";
      const wide = document.createElement("div");
      wide.style.cssText = "width: 700px; height: 1px";
      main.append(faint, wide);
    }""")
    told = faults(page, patience_s=0.2)
    assert sum("label:" in line for line in told) == 2, told
    assert sum("color-contrast:" in line for line in told) == 2, told
    assert told[-1].endswith("px wider than the window"), told
