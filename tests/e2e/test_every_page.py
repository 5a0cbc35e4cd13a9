"""Every page in both schemes, on a phone and at a desk: fits, named, in order, without complaints."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext, sign_in
from tests.e2e.devices import SIZES

pytestmark = pytest.mark.e2e

PUBLIC = (
    "/", "/?q=zebra", "/markets/rain", "/markets/cup", "/markets/yesterday", "/accounts/login/", "/accounts/signup/",
    "/docs/how-it-works", "/docs/glossary", "/docs/errors", "/no-such-page",
    "/docs/errors/order.expired", "/docs/guides/bot", "/docs/guides/streams", "/api/v1/docs", "/api/v1/docs/placeOrder",
    "/leaderboards", "/leaderboards?by=brier", "/calibration", "/traders/bob",
)  # fmt: skip
OWN = (
    "/portfolio",
    "/portfolio/profit",
    "/watchlist",
    "/settings/profile",
    "/accounts/settings/delete/",
    "/jobs",
    "/markets/rain",
    "/markets/cup",
)

#: What a screen reader and a keyboard need; the answer lists every element that lacks it.
_FAULTS = """() => {
  const faults = [];
  const name = (el) => (el.getAttribute("aria-label") || el.textContent || el.title || "").trim();
  for (const el of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (!el.labels?.length && !el.getAttribute("aria-label")) faults.push("no label: " + el.outerHTML);
  }
  for (const el of document.querySelectorAll("a, button, summary")) {
    if (!name(el)) faults.push("no name: " + el.outerHTML);
  }
  for (const el of document.querySelectorAll("img:not([alt]), svg:not([aria-hidden]):not([aria-label])")) {
    faults.push("no text: " + el.outerHTML.slice(0, 80));
  }
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((el) => Number(el.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push("h1: " + levels);
  levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) faults.push("heading skips: " + levels); });
  const ids = [...document.querySelectorAll("[id]")].map((el) => el.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) faults.push("twice: " + id);
  if (!document.documentElement.lang || !document.querySelector("main")) faults.push("no lang or main");
  return faults;
}"""


def check_page(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate(_FAULTS) == [], path
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_pages_are_whole(new_context: NewContext, size: str, scheme: Any) -> None:
    page = new_context(viewport=SIZES[size], color_scheme=scheme).new_page()
    for path in PUBLIC:
        check_page(page, path)
    sign_in(page, "bob")
    for path in OWN:
        check_page(page, path)


def test_the_theme_button_is_remembered(page: Page) -> None:
    page.goto("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="Switch between light and dark").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.goto("/markets/rain")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate(ground) == dark
