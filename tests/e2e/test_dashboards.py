"""An operator's dashboards: live, zoomed, compared, kept and shared; a trader is refused."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import WAIT_MS, NewContext, sign_in
from tests.e2e.devices import SIZES
from tests.e2e.test_every_page import check_page

pytestmark = pytest.mark.e2e

PAGES = ("/operations/", "/operations/?range=7d&compare=1", "/operations/?wall=1", "/operations/advanced")


@pytest.fixture
def operator(new_context: NewContext) -> Page:
    page = new_context().new_page()
    sign_in(page, "dave")
    return page


def _drawn(chart: Locator) -> Locator:
    return chart.locator(".uplot canvas")


def _texts(page: Page, selector: str, count: int) -> set[str]:
    """The different texts that an element shows within a few seconds."""
    seen: set[str] = set()
    for _ in range(WAIT_MS // 100):
        seen.add(page.locator(selector).inner_text())
        if len(seen) >= count:
            break
        page.wait_for_timeout(100)
    return seen


def test_a_trader_and_a_visitor_are_kept_out(page: Page) -> None:
    page.goto("/operations/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/operations/"))
    sign_in(page, "bob")
    expect(page.get_by_role("link", name="Operations")).to_have_count(0)
    for path in ("/operations/", "/operations/advanced"):
        assert page.goto(path).status == 403  # type: ignore[union-attr]
        expect(page.locator("h1")).to_have_text("This isn’t yours to open")


def test_the_page_is_live_and_says_how_far_behind(operator: Page) -> None:
    operator.get_by_role("link", name="Operations").first.click()
    expect(operator.locator("#live-text")).to_have_text(re.compile(r"^Live, \d+\.\d s behind$"))
    # The page's own requests and the machine move; nobody reloads.
    numbers = _texts(operator, "[data-metric=cpu_usage] [data-number]", 3)
    assert len(numbers) >= 3
    expect(_drawn(operator.locator("#chart-cpu"))).to_be_visible()
    expect(operator.locator("#chart-cpu-words")).to_contain_text("least")
    expect(operator.locator("#status-head")).not_to_be_empty()
    # Alerting is on: the panel says that there is none, or tells those that this machine's load has raised.
    body = operator.locator("#feed-alerts .feed-body")
    expect(body).to_have_text(re.compile(r"No alert within a day\.|(critical|warning|emergency|info)", re.IGNORECASE))


def test_drag_zooms_every_chart_and_escape_comes_back(operator: Page) -> None:
    operator.goto("/operations/")
    chart = operator.locator("#chart-throughput")
    expect(_drawn(chart)).to_be_visible()
    before = operator.locator("#ops-window").inner_text()
    box = chart.locator(".u-over").bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    operator.mouse.move(box["x"] + box["width"] * 0.3, middle)
    operator.mouse.down()
    operator.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=5)
    operator.mouse.up()
    expect(operator).to_have_url(re.compile(r"from=\d+&to=\d+"))
    expect(operator.get_by_role("button", name="Back to now")).to_be_visible()
    operator.mouse.move(5, 5)
    expect(operator.locator("#ops-window")).not_to_have_text(before)
    operator.keyboard.press("Escape")
    expect(operator.get_by_role("button", name="Back to now")).to_be_hidden()
    expect(operator).not_to_have_url(re.compile(r"from="))


def test_the_crosshair_is_shared_and_goes_by_keys(operator: Page) -> None:
    operator.goto("/operations/?range=6h")
    charts = [operator.locator(f"#chart-{key}") for key in ("throughput", "cpu")]
    for chart in charts:
        expect(_drawn(chart)).to_be_visible()
    charts[0].focus()
    for _ in range(3):
        operator.keyboard.press("ArrowLeft")
    expect(operator.locator("#ops-window")).to_have_text(re.compile(r"^at "))
    expect(operator.locator("#ops-say")).to_have_text(re.compile(r"\d\d:\d\d.*/s"))
    lines = [chart.locator(".u-cursor-x").bounding_box() for chart in charts]
    assert all(lines)
    operator.keyboard.press("+")
    expect(operator).to_have_url(re.compile(r"from=\d+"))


def test_last_week_stands_beside_this_one_in_the_table(operator: Page) -> None:
    operator.goto("/operations/")
    operator.get_by_role("button", name="Compare with last week").click()
    expect(operator).to_have_url(re.compile("compare=1"))
    operator.get_by_role("button", name="Table").click()
    row = operator.locator("#ops-table tr", has_text="Throughput")
    expect(row.locator("td").last).to_have_text("50.0/s")
    operator.reload()
    expect(operator.get_by_role("button", name="Compare with last week")).to_have_attribute("aria-pressed", "true")


def test_events_are_listed_and_marked_on_the_charts(operator: Page) -> None:
    operator.goto("/operations/")
    expect(operator.locator("#feed-events")).to_contain_text("Deploy: 0.2.0")
    expect(operator.locator("#chart-cpu .mark.deploy")).to_have_count(1)
    operator.locator("#feed-events button").click()
    expect(operator).to_have_url(re.compile(r"from=\d+"))


def test_a_lost_socket_is_said_quietly_and_comes_back(operator: Page) -> None:
    operator.goto("/operations/")
    expect(operator.locator("#live-text")).to_have_text(re.compile("^Live, "))
    operator.context.set_offline(True)
    expect(operator.locator("#live-text")).to_have_text(re.compile("away|late"))
    expect(operator.locator("#ops-away")).to_have_text(re.compile("Live values are away"))
    operator.context.set_offline(False)
    expect(operator.locator("#live-text")).to_have_text(re.compile("^Live, "), timeout=2 * WAIT_MS)
    expect(operator.locator("#ops-away")).to_be_hidden()


def test_a_dashboard_is_made_arranged_kept_shared_and_deleted(operator: Page, new_context: NewContext) -> None:
    operator.goto("/operations/advanced")
    operator.get_by_role("button", name="New dashboard").click()
    operator.get_by_label("Name").fill("Night watch")
    for series, kind in (("cpu_usage", "line"), ("throughput", "area"), ("response_time", "number")):
        operator.get_by_label("Add a panel").select_option(series)
        operator.get_by_label("As", exact=True).select_option(kind)
        operator.get_by_role("button", name="Add", exact=True).click()
    panels = operator.locator(".own-panel")
    expect(panels).to_have_count(3)
    operator.get_by_role("button", name="Move left: Throughput").click()
    expect(operator.get_by_role("button", name="Wider: Throughput")).to_be_visible()
    panels.nth(2).focus()
    operator.keyboard.press("+")
    operator.get_by_role("button", name="Save", exact=True).click()

    expect(operator).to_have_url(re.compile(r"\?d=\d+"))
    expect(operator.locator("#own-list [aria-current]")).to_have_text("Night watch")
    expect(panels.locator("h3")).to_have_text(["Throughput", "CPU", "Response time"])
    assert [panel.get_attribute("data-width") for panel in panels.all()] == ["2", "2", "2"]
    expect(_drawn(panels.first)).to_be_visible()

    operator.get_by_role("button", name="Edit", exact=True).click()
    operator.get_by_label("Name").fill("Late watch")
    operator.get_by_role("button", name="Save", exact=True).click()
    expect(operator.locator("#own-list [aria-current]")).to_have_text("Late watch")

    operator.get_by_role("button", name="Share", exact=True).click()
    expect(operator.get_by_role("button", name="Stop sharing")).to_be_visible()
    link = operator.locator("#own-link").input_value()
    guest = new_context().new_page()
    sign_in(guest, "dave")
    guest.goto(link)
    expect(guest.locator(".own-panel h3")).to_have_text(["Throughput", "CPU", "Response time"])

    operator.get_by_role("button", name="Delete", exact=True).click()
    operator.get_by_role("button", name="Delete for good?").click()
    expect(operator).to_have_url(re.compile(r"/operations/advanced$"))
    expect(operator.locator("#own-list a")).to_have_text(["Standard"])
    guest.reload()
    expect(guest.locator("#messages")).to_contain_text("isn’t there")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_the_dashboards_are_whole(new_context: NewContext, size: str, scheme: Any) -> None:
    page = new_context(viewport=SIZES[size], color_scheme=scheme).new_page()
    sign_in(page, "dave")
    for path in PAGES:
        check_page(page, path)
