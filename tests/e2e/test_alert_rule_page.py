"""The rule editor says how often a rule would have fired, and why, as what was measured tells."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext, sign_in

pytestmark = pytest.mark.e2e

SOON_MS = 20_000


@pytest.fixture
def editor(new_context: NewContext) -> Page:
    page = new_context().new_page()
    sign_in(page, "dave")
    page.goto("/operations/alerts/rules/new")
    page.get_by_role("button", name="1d", exact=True).click()
    page.get_by_label("critical", exact=True).fill("")
    return page


def test_a_rule_is_tried_on_what_was_measured(editor: Page) -> None:
    sentence, episodes = editor.locator("#preview-sentence"), editor.locator("#preview-episodes li")
    editor.get_by_text("Further fields", exact=True).click()
    editor.get_by_label("Further fields as JSON").fill('{"no_data": "ok"}')
    # Whatever the machine does meanwhile, it is never a thousand percent busy, and always more than nothing.
    editor.get_by_label("warning", exact=True).fill("1000")
    expect(sentence).to_have_text("It would not have fired in the last day.", timeout=SOON_MS)
    expect(episodes).to_have_count(0)
    editor.get_by_label("warning", exact=True).fill("-1")
    fired = re.compile(r"^It would have fired (once|\d+ times) in the last day\.")
    expect(sentence).to_have_text(fired, timeout=SOON_MS)
    expect(episodes.first).to_contain_text("warning")
    expect(episodes.first).not_to_contain_text("there was no data")


def test_a_rule_that_fires_for_want_of_data_says_so(editor: Page) -> None:
    # Measured only where databases are copied; this rule takes silence for trouble.
    editor.get_by_label("Series or expression").fill("replication_lag")
    editor.get_by_label("warning", exact=True).fill("1000")
    expect(editor.locator("#preview-episodes li").first).to_contain_text("there was no data", timeout=SOON_MS)


def test_a_young_series_is_told_from_its_beginning(editor: Page) -> None:
    editor.get_by_label("Series or expression").fill("memory_usage")
    editor.get_by_label("warning", exact=True).fill("1000")
    since = re.compile(r"^Measured since .*\d\d:\d\d.*\.$")
    expect(editor.locator("#preview-since")).to_have_text(since, timeout=SOON_MS)
    expect(editor.locator("#preview-sentence")).to_have_text("It would not have fired in the last day.")
