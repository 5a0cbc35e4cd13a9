"""The journeys' site and browser, and the tools of npm that `scripts/quality.sh` has installed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.e2e.conftest import Site, browser, site_with
from tests.e2e.seed import PASSWORD

__all__ = ["Site", "browser"]
AXE: Final = Path(__file__).with_name("node_modules") / "axe-core/axe.min.js"
#: Patient: whoever else uses the machine may leave little of it.
WAIT_MS: Final = 60_000
Profile = Callable[..., BrowserContext]
#: Counts what the page's scripts still wait for.
_COUNTED: Final = """
  window.asked = 0;
  const send = window.fetch;
  window.fetch = (...given) => {
    window.asked += 1;
    const answer = send(...given);
    const over = () => setTimeout(() => { window.asked -= 1; }, 50);
    answer.then(over, over);
    return answer;
  };
"""
_IS_WHOLE: Final = """() => document.readyState === "complete" && !window.asked
  && (!document.querySelector("#chart") || document.querySelector("#chart canvas"))"""


@pytest.fixture(scope="session")
def site(project_dir: Path, django_db_setup: None) -> Iterator[Site]:
    seeding = "from tests.e2e.seed import seed; from tests.quality.seed import liven; seed(); liven()"
    with site_with(seeding, project_dir) as made:
        yield made


@pytest.fixture
def profile(site: Site, browser: Browser) -> Iterator[Profile]:
    """Makes a browser profile of its own, signed in as ``handle`` if one is named."""
    contexts: list[BrowserContext] = []

    def make(handle: str = "", **options: Any) -> BrowserContext:
        context = browser.new_context(base_url=site.url, **options)
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(_COUNTED)
        contexts.append(context)
        if handle:
            _sign_in(context, handle)
        return context

    yield make
    for context in contexts:
        context.close()


def _sign_in(context: BrowserContext, handle: str) -> None:
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(handle)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("/")
    page.close()


def visit(page: Page, path: str) -> Response | None:
    """Go there and wait for all that its scripts fetch."""
    answer = page.goto(path)
    page.wait_for_function(_IS_WHOLE)
    return answer
