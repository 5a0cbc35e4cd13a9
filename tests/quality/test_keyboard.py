"""From the page for signing in to a cancelled order with nothing but keys; the focus is seen and never lost."""

import re
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.seed import PASSWORD
from tests.quality.conftest import Profile

pytestmark = [pytest.mark.quality, pytest.mark.timeout(300)]
#: More stops than any page on the way has before what is looked for.
STOPS_MAX: Final = 120
#: What has the focus: its words or its name, and whether it can be seen that it has it.
_FOCUS: Final = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return ["", "", false];
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const drawn = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  const shown = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
  return [at.getAttribute("name") ?? "", (at.getAttribute("aria-label") ?? at.textContent).trim(), drawn && shown];
}"""


def _focus(page: Page) -> tuple[str, str, bool]:
    name, words, is_seen = page.evaluate(_FOCUS)
    return str(name), str(words), bool(is_seen)


def _tab_to(page: Page, words: str = "", *, field: str = "") -> None:
    """Press Tab until the focus is on the field of that name, or on what says these words (an expression)."""
    passed = []
    for _ in range(STOPS_MAX):
        page.keyboard.press("Tab")
        name, said, is_seen = _focus(page)
        if name or said:
            assert is_seen, (page.url, name, said)
        if field == name if field else re.search(words, said):
            return
        passed.append(name or said[:30])
    pytest.fail(f"{field or words} isn't among the stops of {page.url}: {passed}")


def test_signing_in_finding_ordering_and_cancelling_by_keys(profile: Profile) -> None:
    page = profile(viewport={"width": 1440, "height": 950}).new_page()
    page.goto("/accounts/login/")
    _tab_to(page, field="login")
    page.keyboard.type("frida")
    _tab_to(page, field="password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("/")

    _tab_to(page, "^Will the Tagus freeze")
    page.keyboard.press("Enter")
    page.wait_for_url("**/markets/tagus")
    expect(page.locator("#ranges")).to_be_visible()
    _tab_to(page, field="type")
    page.keyboard.type("Limit")
    _tab_to(page, field="quantity")
    page.keyboard.type("7")
    _tab_to(page, field="price")
    page.keyboard.type("15")
    expect(page.locator("#ticket-submit")).to_have_text("Buy 7 Yes at 15¢")
    page.keyboard.press("Enter")
    expect(page.locator("#mine [data-order]")).to_have_count(1)
    assert _focus(page)[2], "the focus was lost when the order came"

    _tab_to(page, "^Cancel.*the order on Yes at 15¢")
    page.keyboard.press("Enter")
    expect(page.locator("#mine [data-order]")).to_have_count(0)
    assert _focus(page)[:2] != ("", ""), "the focus was lost with the order"


def test_in_the_portfolio_the_focus_goes_to_the_next_order(profile: Profile) -> None:
    page = profile("greta", viewport={"width": 1440, "height": 950}).new_page()
    for price in ("11", "12"):
        page.goto("/markets/tagus")
        page.get_by_label("Kind of order").select_option("limit")
        page.locator("#ticket-form").get_by_label("Shares", exact=True).fill("3")
        page.locator("#ticket-form").get_by_label("Limit price").fill(price)
        page.locator("#ticket-submit").click()
        expect(page.locator("#mine [data-order]").filter(has_text=f"{price}¢")).to_have_count(1)
    page.goto("/portfolio")
    for left, price in ((1, "12"), (0, "11")):
        _tab_to(page, f"^Cancel.*the order on Yes at {price}¢")
        page.keyboard.press("Enter")
        expect(page.locator("[data-order]")).to_have_count(left)
        assert _focus(page)[:2] != ("", "")


def test_reading_and_simple_trading_without_scripts(profile: Profile) -> None:
    """Signing in by the form (as ``profile`` does), finding, buying, looking at it, and cancelling what rests."""
    page = profile("jana", java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    page.goto("/")
    page.get_by_label("Search markets").fill("tagus")
    page.get_by_label("Search markets").press("Enter")
    page.get_by_role("link", name="Will the Tagus freeze").first.click()
    expect(page.locator("#trades")).to_be_visible()
    page.get_by_label("Spend").fill("4")
    page.get_by_role("button", name="Preview the order").click()
    page.get_by_role("button", name=re.compile(r"^Buy .* Yes for ")).click()
    expect(page.locator("#messages")).to_contain_text("Bought")

    page.get_by_label("Kind of order").select_option("limit")
    page.locator("#ticket-form").get_by_label("Shares", exact=True).fill("2")
    page.locator("#ticket-form").get_by_label("Limit price").fill("10")
    page.get_by_role("button", name="Preview the order").click()
    page.get_by_role("button", name=re.compile("^Buy 2 Yes at ")).click()
    page.goto("/portfolio")
    expect(page.locator("#portfolio")).to_contain_text("Will the Tagus freeze")
    row = page.locator("[data-order]", has_text="Tagus")
    row.get_by_role("button", name=re.compile("^Cancel")).click()
    expect(page.locator("#messages")).to_contain_text("Cancelled the order on Yes")
    expect(page.locator("[data-order]")).to_have_count(0)
