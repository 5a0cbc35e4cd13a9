"""Trading by plain forms, with JavaScript switched off."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewContext, sign_in

pytestmark = pytest.mark.e2e
_LADDER = "[...document.querySelectorAll('#ladder tbody tr')].map((row) => [...row.cells].map((c) => c.textContent))"


def test_preview_confirm_and_cancel_by_forms(new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, "bob")
    page.goto("/markets/tagus")
    expect(page.get_by_label("Limit price")).to_be_hidden()
    page.get_by_label("Spend").fill("10")
    page.get_by_role("button", name="Preview the order").click()
    place = page.get_by_role("button", name=re.compile(r"^Buy .* Yes for "))
    expect(page.get_by_text("Payout if right")).to_be_visible()
    place.click()
    expect(page.locator("#messages")).to_contain_text("Bought")
    expect(page.locator("#mine")).to_contain_text("Yes")

    page.get_by_label("Kind of order").select_option("limit")
    page.get_by_label("Shares", exact=True).fill("7")
    page.get_by_label("Limit price").fill("20")
    page.get_by_role("button", name="Preview the order").click()
    page.get_by_role("button", name="Buy 7 Yes at 0.2000 or better").click()
    expect(page.locator("#messages")).to_contain_text("7 Yes wait in the book.")
    page.goto("/portfolio")
    row = page.locator("[data-order]", has_text="Tagus")
    row.locator("summary").click()
    row.get_by_label("Shares").fill("9")
    row.get_by_role("button", name="Save").click()
    expect(page.locator("#messages")).to_contain_text("has its new terms")
    expect(row).to_contain_text("0 / 9")
    page.goto("/markets/tagus")
    page.get_by_role("button", name=re.compile("^Cancel")).click()
    expect(page.locator("#messages")).to_contain_text("Cancelled the order on Yes.")


def test_a_mistake_keeps_what_was_typed(new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, "bob")
    page.goto("/markets/tagus")
    page.get_by_label("Spend").fill("99999")
    page.get_by_role("button", name="Preview the order").click()
    expect(page.locator("#error_amount")).to_contain_text("this needs")
    expect(page.get_by_label("Spend")).to_have_value("99999")


def test_search_topics_and_sorting_are_links(new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_label("Order").get_by_role("link", name="New").click()
    expect(page).to_have_url(re.compile("sort=newest"))
    page.locator("select[name=state]").select_option("resolved")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("sort=newest.*state=resolved"))
    card = page.locator("article.card", has=page.get_by_role("link", name="Did it rain yesterday?"))
    expect(card).to_be_visible()
    expect(card.get_by_text("Resolved: Yes")).to_be_visible()


@pytest.mark.parametrize("address", ["/markets/rain", "/markets/rain?outcome=no", "/markets/cup?outcome=inter"])
def test_the_server_and_the_script_draw_the_same_ladder(new_context: NewContext, address: str) -> None:
    drawn = []
    for scripts in (False, True):
        page = new_context(java_script_enabled=scripts).new_page()
        sign_in(page, "bob")
        page.goto(address)
        if scripts:
            # Only the script's rows lack the attribute x.
            expect(page.locator("#ladder rect[x]")).to_have_count(0)
        drawn.append(page.evaluate(_LADDER))
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) > 6
