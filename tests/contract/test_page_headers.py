"""Every page that a walk along the links finds, as a stranger, a trader and an administrator: its policy and headers.

The walk begins at every route without parameters and follows each link to a kind of page that it hasn't seen.
"""

import re
from collections import deque
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.contract.personas import Persona, everybody
from tests.contract.test_authorisation_matrix import pages
from tests.factories.markets import make_draft
from trading.services.open_market import open_market

pytestmark = [pytest.mark.contract, pytest.mark.django_db, pytest.mark.timeout(600)]
POLICY: Final = {
    "default-src": "'none'",
    "connect-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: Tags that need a nonce, and the nonce that a tag has.
TAG: Final = re.compile(
    r"<(?:script|style|link(?=[^>]*\brel=\"(?:stylesheet|modulepreload|preload)))\b[^>]*>", re.IGNORECASE
)
DATA: Final = re.compile(r"\btype=\"application/(?:ld\+)?json\"")
NONCE: Final = re.compile(r"'nonce-([A-Za-z0-9_-]{24})'")
OF_A_FILE: Final = re.compile(r"\bsrc=|\bnonce=\"[^\"]{24}\"|\btype=\"application/(?:ld\+)?json\"")
#: What the policy would not run anyway; a page that holds it is broken.
INLINE: Final = re.compile(
    r"<script(?![^>]*\s(?:src=|type=\"application/(?:ld\+)?json\"))[^>]*>|<style\b|\sstyle=\"|\son[a-z]+=\"|href=\"javascript:",
    re.IGNORECASE,
)
LINK: Final = re.compile(r"<a\b[^>]*\shref=\"(/[^\"#]*)")
#: Pages of the library that the admin is made with, and those made for frames on other sites, see the last tests.
FOREIGN: Final = ("/admin/", "/static/", "/__", "/embed/")
ALSO: Final = ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/api/v1/docs", "/nothing-here")


def policy_of(answer: Any) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))


def kind(path: str) -> str:
    """Pages of one kind share a route."""
    try:
        return resolve(urlsplit(path).path).route
    except Resolver404:
        return path


def walk(persona: Persona) -> Iterator[tuple[str, Any]]:
    """Each kind of page once."""
    waiting = deque([*ALSO, *sorted({path for method, _, path in pages() if method == "get"})])
    seen: set[str] = set()
    while waiting:
        path = waiting.popleft()
        if kind(path) in seen or path.startswith(FOREIGN) or "logout" in path:
            continue
        seen.add(kind(path))
        answer = persona.ask("get", path)
        yield path, answer
        if "text/html" in answer.headers.get("Content-Type", "") and not answer.streaming:
            waiting.extend(LINK.findall(answer.content.decode()))


def faults_of_policy(answer: Any, *, scripts: str = "", styles: str = "") -> list[str]:
    """Of an answer that was read whole; ``scripts`` and ``styles`` may be besides those with the nonce."""
    policy, text = policy_of(answer), "" if answer.streaming else answer.content.decode(errors="replace")
    given = NONCE.match(policy["script-src"])
    wanted = {"script-src": "'none'", "style-src": "'none'"}
    if given:
        wanted = {"script-src": given[0] + scripts, "style-src": given[0] + styles}
    tags = [tag for tag in TAG.findall(text) if not DATA.search(tag)] if "<html" in text else []
    bare = [] if given is None or scripts else [tag for tag in tags if f'nonce="{given[1]}"' not in tag]
    faults = [f"without the nonce: {tag}" for tag in bare]
    if policy != POLICY | wanted:
        faults.append(str(policy))
    return faults + (["no nonce"] if tags and given is None else [])


def mistakes(path: str, answer: Any) -> list[str]:
    found = [
        f"{path}: {name} is {answer.headers.get(name)}" for name in HEADERS if answer.headers.get(name) != HEADERS[name]
    ]
    found += [f"{path}: {fault}" for fault in faults_of_policy(answer)]
    is_page = "text/html" in answer.headers.get("Content-Type", "") and not answer.streaming
    if is_page and (inline := INLINE.search(answer.content.decode())):
        found.append(f"{path}: {inline[0]}")
    return found


@pytest.fixture
def personas() -> dict[str, Persona]:
    open_market(make_draft(slug="rain", question="Will it rain?", liquidity_lots=10_000_000).pk)
    return everybody()


@pytest.mark.parametrize("name", ["anonymous", "trader", "admin"])
def test_every_page_has_the_strict_policy_and_every_header(personas: dict[str, Persona], name: str) -> None:
    visited = list(walk(personas[name]))
    assert [line for path, answer in visited for line in mistakes(path, answer)] == []
    shown = {kind(path) for path, answer in visited if answer.status_code == 200}
    assert len(shown) >= {"anonymous": 15, "trader": 25, "admin": 40}[name], sorted(shown)


def test_a_nonce_is_of_one_answer(personas: dict[str, Persona]) -> None:
    found = [NONCE.search(policy_of(personas["trader"].ask("get", "/"))["script-src"]) for _ in range(2)]
    assert len({one[1] for one in found if one is not None}) == 2


def test_what_shows_no_page_may_run_nothing(personas: dict[str, Persona]) -> None:
    answer = personas["trader"].ask("get", "/api/v1/markets")
    assert policy_of(answer) == POLICY | {"script-src": "'none'", "style-src": "'none'"}


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/logout/"])
def test_the_administration_runs_nothing_inline_without_the_nonce_either(
    personas: dict[str, Persona], path: str
) -> None:
    answer = personas["admin"].ask("get", path)
    assert faults_of_policy(answer, scripts=" 'self' 'unsafe-eval'", styles=" 'self'") == []
    assert [
        tag for tag in re.findall(r"<(?:script|style)\b[^>]*>", answer.content.decode()) if not OF_A_FILE.search(tag)
    ] == []


def test_what_other_sites_may_frame_holds_nothing_to_press_or_to_run(personas: dict[str, Persona]) -> None:
    answer = personas["admin"].ask("get", "/embed/markets/rain")
    assert (answer.status_code, "X-Frame-Options" in answer.headers) == (200, False)
    assert policy_of(answer) == {
        "default-src": "'none'",
        "style-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "*",
    }
    assert INLINE.search(answer.content.decode()) is None
    assert "<form" not in answer.content.decode()
