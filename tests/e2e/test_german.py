"""A trader who reads German: language at the foot, search, a trade, a refusal beside its field."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import sign_in

pytestmark = pytest.mark.e2e


def test_find_buy_and_be_refused_in_german(page: Page) -> None:
    sign_in(page, "lena")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.get_by_label("Märkte suchen").fill("sun faro")
    page.get_by_label("Märkte suchen").press("Enter")
    page.get_by_role("link", name="Will the sun shine at noon").click()
    page.locator("#id_amount").fill("10,50")
    button = page.locator("#ticket-submit")
    expect(button).to_have_text(re.compile(r"^\d+(,\d+)? Ja für 10,50 kaufen$"))
    button.click()
    expect(page.locator("#ticket-result")).to_contain_text("Ja für 10,50 gekauft")
    expect(page.locator("#mine")).to_contain_text("Ja")

    page.locator("[name=side][value=sell]").check(force=True)
    page.locator("#id_quantity").fill("99999")
    expect(page.locator("#error_quantity")).to_have_text(
        re.compile(r"^Du hast \d+(,\d+)? freie Anteile dieses Ausgangs, und das verkauft 99999\.")
    )
    expect(page.locator("#id_quantity")).to_have_attribute("aria-invalid", "true")
    # It is kept with the account, so that tests that share it have their language back.
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-gb")
