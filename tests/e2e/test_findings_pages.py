"""Forecasts, anomalies and scaling in a browser: drawn, live, and every act one press away."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import NewContext, sign_in
from tests.e2e.devices import SIZES
from tests.e2e.test_every_page import check_page

pytestmark = pytest.mark.e2e

PAGES = ("/operations/forecasts", "/operations/anomalies", "/operations/scaling")


@pytest.fixture
def operator(new_context: NewContext) -> Page:
    page = new_context().new_page()
    sign_in(page, "dave")
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_they_are_whole(new_context: NewContext, size: str, scheme: Any) -> None:
    page = new_context(viewport=SIZES[size], color_scheme=scheme).new_page()
    sign_in(page, "dave")
    for path in PAGES:
        check_page(page, path)


@pytest.mark.parametrize("path", PAGES)
def test_they_are_live_and_reached_from_the_dashboards(operator: Page, path: str) -> None:
    operator.goto("/operations/")
    operator.locator(f".ops-tabs a[href='{path}']").click()
    expect(operator.locator("#live-text")).to_have_text(re.compile(r"^Live, \d+\.\d s behind$"))


def test_a_pause_is_set_and_ended(operator: Page) -> None:
    operator.goto("/operations/scaling")
    worker = operator.locator(".target", has_text="worker")
    worker.get_by_text("Pause", exact=True).first.click()
    worker.locator("form[data-pause] [name=reason]").fill("The final is tonight.")
    worker.locator("form[data-pause] button").click()
    expect(worker).to_contain_text("every change until")
    worker.get_by_role("button", name="End the pause").click()
    expect(worker).not_to_contain_text("every change")


def test_another_policy_is_replayed(operator: Page) -> None:
    operator.goto("/operations/scaling")
    operator.locator("#what-if-up").fill("60")
    operator.get_by_role("button", name="Replay").click()
    expect(operator.locator("#what-if-table")).to_contain_text("Instance-hours")
