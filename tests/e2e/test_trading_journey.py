"""From a stranger to a trader with a portfolio, seen by a second browser."""

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import WAIT_MS, NewContext, NewDevice, sign_in
from tests.e2e.devices import Device
from tests.e2e.seed import TOWNS

pytestmark = pytest.mark.e2e


def _sign_up(device: Device, handle: str) -> None:
    page = device.page
    page.goto("/")
    device.press(page.get_by_role("link", name="Sign up"))
    page.get_by_label("Handle").fill(handle)
    page.get_by_label("E-mail address").fill(f"{handle}@example.org")
    page.get_by_label("Password").fill("an owl reads quietly")
    device.press(page.get_by_role("button", name="Make my account"))
    expect(page.get_by_role("navigation", name="Main")).to_contain_text(handle)


def test_sign_up_find_preview_buy_sell_and_look_back(new_device: NewDevice) -> None:
    device, watching = new_device(), new_device()
    page, watcher = device.page, watching.page
    handle, town = f"alice_{device.size}", TOWNS[device.size]
    _sign_up(device, handle)
    expect(page.locator(".balance")).to_have_text("1,000.00")
    page.get_by_label("Search markets").fill(f"hail {town}")
    page.get_by_label("Search markets").press("Enter")
    page.wait_for_url("**/?q=*")
    device.press(page.locator("main").get_by_role("link", name=f"Will it hail in {town}"))

    watcher.goto(f"/markets/hail-{device.size}")
    expect(watcher.locator(".market-stats .price .num")).to_have_text("50%")
    expect(watcher.locator("#chart canvas").first).to_be_visible()

    ticket = device.choose_outcome("Yes")
    ticket.get_by_label("Spend").fill("30")
    button = page.locator("#ticket-submit")
    expect(button).to_have_text(re.compile(r"^Buy \d+(\.\d\d)? Yes for 30\.00$"))
    expect(page.locator("[data-out=after]")).to_have_text(re.compile(r"^5[23]%$"))
    after = page.locator("[data-out=after]").inner_text()
    shares = button.inner_text().split()[1]
    device.press(button)

    expect(page.locator("#ticket-result")).to_contain_text(f"Bought {shares} Yes for 30.00.")
    expect(page.locator(".balance")).to_have_text("970.00")
    expect(page.locator("#mine")).to_contain_text(shares)
    # Nobody touched the second browser.
    expect(watcher.locator(".market-stats .price .num")).to_have_text(after)
    expect(watcher.locator(".market-stats")).to_contain_text(re.compile(r"\b1 trader\b"))
    expect(watcher.locator("#trades")).to_contain_text(handle)
    watching.check_fits()

    device.press(page.get_by_role("button", name="Sell them again"))
    expect(button).to_have_text(re.compile(rf"^Sell {re.escape(shares)} Yes for "))
    device.press(button)
    expect(page.locator("#ticket-result")).to_contain_text(f"Sold {shares} Yes")
    expect(page.locator("#mine [data-position]")).to_have_count(0)
    device.check_fits()

    device.close_ticket()
    device.go_to_portfolio()
    expect(page.locator("#statement")).to_contain_text("Starting credits")
    expect(page.locator("section", has_text="Recent fills").last).to_contain_text("Sold Yes")
    device.check_fits()


def test_a_limit_order_rests_in_the_book_until_it_is_cancelled(device: Device) -> None:
    page = device.page
    sign_in(page, f"erik_{device.size}")
    page.goto(f"/markets/hail-{device.size}")
    ticket = device.choose_outcome("No")
    ticket.get_by_label("Kind of order").select_option("limit")
    ticket.get_by_label("Shares", exact=True).fill("12")
    ticket.get_by_label("Limit price").fill("30")
    button = page.locator("#ticket-submit")
    expect(button).to_have_text("Buy 12 No at 30¢")
    device.press(button)
    expect(page.locator("#mine [data-order]")).to_have_count(1)
    expect(page.locator("#mine")).to_contain_text("3.60")
    device.close_ticket()
    device.go_to_portfolio()
    device.check_fits()
    device.press(page.get_by_role("button", name=re.compile("Cancel")))
    expect(page.get_by_text("No open order")).to_be_visible()
    expect(page.locator(".balance")).to_have_text("1,000.00")


def test_mistakes_are_told_beside_the_field(page: Page) -> None:
    sign_in(page, "frida")
    page.goto("/markets/tagus")
    page.get_by_label("Spend").fill("lots")
    expect(page.locator("#error_amount")).to_contain_text("Give the credits to spend, such as 25.")
    page.get_by_label("Spend").fill("99999")
    expect(page.locator("#error_amount")).to_contain_text("You have 1,000.00 free; this needs")
    expect(page.get_by_label("Spend")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Spend").fill("5")
    expect(page.locator("#error_amount")).to_be_hidden()


def test_keys_alone_are_enough(page: Page) -> None:
    sign_in(page, "greta")
    page.goto("/markets/cup?outcome=inter")
    page.keyboard.press("b")
    page.keyboard.type("4")
    expect(page.locator("#ticket-submit")).to_have_text(re.compile(r"^Buy .* Inter for 4\.00$"))
    page.keyboard.press("Enter")
    expect(page.locator("#ticket-result")).to_contain_text("Inter for 4.00.")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("s")
    page.get_by_role("button", name="All", exact=True).last.click()
    expect(page.locator("#ticket-submit")).to_have_text(re.compile(r"^Sell .* Inter for "))


def test_a_lost_answer_and_a_second_press_buy_once(page: Page) -> None:
    sign_in(page, "hugo")
    page.goto("/markets/cup?outcome=juventus")
    page.get_by_label("Spend").fill("3")
    button = page.locator("#ticket-submit")
    expect(button).to_have_text(re.compile(r"^Buy .* Juventus for 3\.00$"))

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/api/v1/orders", lose_the_answer)
    button.click()
    expect(page.locator("#ticket-error")).to_contain_text("can’t be reached")
    page.unroute("**/api/v1/orders")
    button.click()
    expect(page.locator("#ticket-result")).to_contain_text("Juventus for 3.00.")
    page.goto("/portfolio")
    expect(page.locator("section", has_text="Recent fills").last.get_by_text("Juventus")).to_have_count(1)


def test_a_phone_opens_the_ticket_as_a_sheet(new_context: NewContext) -> None:
    phone = new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    sign_in(phone, "ines")
    phone.goto("/markets/tagus")
    expect(phone.locator("#ticket")).to_be_hidden()
    phone.locator(".ticket-bar").get_by_role("link", name=re.compile("^No")).tap()
    expect(phone.get_by_role("radio", name=re.compile("^No"))).to_be_checked()
    phone.get_by_role("button", name="10", exact=True).first.tap()
    expect(phone.locator("#ticket-submit")).to_have_text(re.compile(r"^Buy .* No for 10\.00$"))
    phone.get_by_role("button", name="Close").tap()
    expect(phone.locator("#ticket")).to_be_hidden()


def _wait_for_an_open_socket(page: Page) -> None:
    # Page.wait_for_function evaluates a string inside the page, which our Content-Security-Policy rightly forbids.
    deadline = time.monotonic() + WAIT_MS / 1000
    while not page.evaluate("window.sockets.some((socket) => socket.readyState === 1)"):
        assert time.monotonic() < deadline, "no socket opened"
        page.wait_for_timeout(20)


def test_the_page_comes_back_after_the_socket_was_lost(page: Page, new_context: NewContext) -> None:
    sign_in(page, "jana")
    lossy = new_context()
    lossy.add_init_script("""
        const Real = WebSocket;
        window.sockets = [];
        window.WebSocket = class extends Real { constructor(...args) { super(...args); window.sockets.push(this); } };
    """)
    watcher = lossy.new_page()
    watcher.goto("/markets/cup")
    _wait_for_an_open_socket(watcher)
    watcher.evaluate("window.sockets.forEach((socket) => socket.close())")
    page.goto("/markets/cup?outcome=ajax")
    page.get_by_label("Spend").fill("60")
    # The button works before the preview is there, so wait for the preview itself.
    expect(page.locator("[data-out=after]")).to_have_text(re.compile(r"^\d+%$"))
    after = page.locator("[data-out=after]").inner_text()
    page.locator("#ticket-submit").click()
    expect(page.locator("#ticket-result")).to_contain_text("Ajax")
    expect(watcher.locator("#outcomes li", has_text="Ajax").locator("[data-price]")).to_have_text(after)
    expect(watcher.locator(".offline-banner")).to_have_count(0)


def test_a_lost_socket_shows_a_quiet_banner(page: Page) -> None:
    page.route_web_socket("**/ws/v1/stream", lambda socket: socket.close(code=1012))
    page.goto("/markets/rain")
    expect(page.locator(".offline-banner")).to_have_text("Live prices are away. Trying again…")
    expect(page.locator("h1")).to_be_visible()


def test_stops_and_pairs_wait_are_undone_and_an_order_is_edited_in_its_row(page: Page) -> None:
    sign_in(page, "mara")
    page.goto("/markets/tagus")
    ticket = page.locator("#ticket")
    ticket.get_by_label("Kind of order").select_option("stop")
    ticket.get_by_label("Shares", exact=True).fill("10")
    ticket.get_by_label("Stop price").fill("20")
    expect(page.locator("#error_trigger")).to_have_text(
        "It is at 50¢ already: move the stop price, or send a limit order."
    )
    ticket.get_by_label("Kind of order").select_option("pair")
    ticket.get_by_label("Stop price").fill("80")
    ticket.get_by_label("Limit price").fill("30")
    expect(page.locator("[data-out=left]")).to_have_text("990.00")
    button = page.locator("#ticket-submit")
    expect(button).to_have_text("Buy 10 Yes at 30¢ or from 80¢")
    button.click()
    expect(page.locator("#mine [data-order]")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#mine [data-order]")).to_have_count(0)
    expect(ticket.locator("[data-live=available]")).to_have_text("1,000.00")

    ticket.get_by_label("Kind of order").select_option("limit")
    ticket.get_by_label("Shares", exact=True).fill("10")
    ticket.get_by_label("How long it waits").select_option("gtd")
    expect(button).to_have_text("Buy 10 Yes at 30¢")
    button.click()
    row = page.locator("#mine [data-order]")
    expect(row).to_contain_text("23 h left")
    row.get_by_text("Edit").click()
    row.get_by_label("Price").fill("25")
    row.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("2.50")
    expect(ticket.locator("[data-live=available]")).to_have_text("997.50")
