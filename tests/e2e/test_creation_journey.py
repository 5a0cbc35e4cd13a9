"""A market is made by plain forms, reported by a reader, and looked at by a moderator."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import NewContext, sign_in

pytestmark = pytest.mark.e2e
QUESTION = "Will the lighthouse of Nazaré be painted blue before 2040?"


def test_from_a_template_to_a_decided_report(new_context: NewContext) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, "dave")
    page.goto("/create")
    page.get_by_role("button", name="Several outcomes").click()
    page.get_by_role("textbox", name="Question").fill(QUESTION)
    page.get_by_label("Topic", exact=True).select_option(label="Science")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Outcomes, one a line", exact=True).fill("Blue\nWhite\nAnother colour")
    closes = datetime.now(UTC) + timedelta(days=90)
    page.get_by_label("Trading ends", exact=True).fill(closes.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Liquidity", exact=True).fill("50")
    page.get_by_role("button", name="Save and preview").click()
    expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
    expect(page.locator(".preview-bar")).to_contain_text("54.93")
    page.get_by_role("button", name="Publish: open it for trading").click()
    expect(page.locator("#messages")).to_contain_text("The market is open.")
    address = page.url

    reader = new_context().new_page()
    sign_in(reader, "bob")
    reader.goto(address)
    reader.get_by_role("link", name="Report this market").click()
    reader.get_by_label("Rules that are unclear or contradict themselves").check()
    reader.get_by_role("button", name="Send to the moderators").click()
    expect(reader.locator("#messages")).to_contain_text("A moderator looks at it")

    staff = new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    sign_in(staff, "root")
    staff.goto("/moderation")
    case = staff.locator(".case", has_text=QUESTION)
    expect(case).to_contain_text("Rules that are unclear")
    case.get_by_label("Decision").select_option("dismiss")
    case.get_by_label("Reason, which those concerned are told").fill("The rules name the source.")
    case.get_by_role("button", name="Decide").click()
    expect(staff.locator("#messages")).to_contain_text("Decided: dismissed.")
    page.goto("/creator")
    expect(page.get_by_role("link", name=QUESTION)).to_be_visible()
