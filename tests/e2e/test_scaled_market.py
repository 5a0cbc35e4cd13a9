"""A numeric market in a browser: its chart moves with the prices, and liquidity is added by its page."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext, sign_in

pytestmark = pytest.mark.e2e


def test_the_chart_moves_with_the_prices(page: Page, new_context: NewContext) -> None:
    sign_in(page, "hugo")
    page.goto("/markets/rainfall?outcome=20-to-30#ticket")
    headline = page.locator("#headline")
    expect(headline).to_have_text("55 mm")
    expect(page.locator("svg.distribution rect")).to_have_count(11)
    page.get_by_label("Spend").fill("60")
    page.locator("#ticket-submit").click()
    expect(page.locator("#ticket-result")).to_contain_text("Bought")
    # Without a reload, from the newest prices.
    expect(headline).to_have_text("50.8 mm")
    phone = new_context(viewport={"width": 390, "height": 844}, color_scheme="dark").new_page()
    phone.goto("/markets/rainfall")
    expect(phone.locator("svg.distribution")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_liquidity_is_added_and_taken_back(page: Page) -> None:
    sign_in(page, "ines")
    page.goto("/markets/rainfall")
    page.get_by_text("Provide liquidity").click()
    page.get_by_label("Depth b, in shares").fill("10")
    page.get_by_role("button", name="Change liquidity").click()
    expect(page.get_by_text("You provide 10 more")).to_be_visible()
    expect(page.locator("#maker")).to_contain_text("10")
    page.get_by_text("Provide liquidity").click()
    page.get_by_label("What to do").select_option("withdraw")
    page.get_by_label("Depth b, in shares").fill("11")
    page.get_by_role("button", name="Change liquidity").click()
    expect(page.get_by_text("You provide 10 and this withdraws 11")).to_be_visible()
    page.get_by_label("Depth b, in shares").fill("10")
    page.get_by_role("button", name="Change liquidity").click()
    expect(page.get_by_text("Withdrawn:")).to_be_visible()
