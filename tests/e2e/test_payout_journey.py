"""From a share to credits on a statement: comment, close, propose, wait, be paid, take the statement home."""

import csv
import re
import time
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Route, expect

from tests.e2e.conftest import NewDevice, Site, manage, sign_in
from tests.e2e.devices import Device
from tests.e2e.seed import TOWNS

pytestmark = pytest.mark.e2e


def test_comment_resolve_get_paid_and_export(
    new_device: NewDevice, site: Site, project_dir: Path, tmp_path: Path
) -> None:
    trader, staff = new_device(), new_device()
    handle, market = f"paul_{trader.size}", f"league-{trader.size}"
    question = f"Will {TOWNS[trader.size]} win the league?"
    sign_in(trader.page, handle)
    shares = _buy(trader, market)
    _comment(trader, shares)

    sign_in(staff.page, "dave")
    staff.page.goto(f"/markets/{market}")
    expect(staff.page.locator("#threads")).to_contain_text("The keeper is back.")
    _close_and_propose(staff)

    page = trader.page
    page.reload()
    expect(page.locator("#status")).to_have_text(re.compile("proposed", re.IGNORECASE))
    expect(page.locator("#proposal-title + dl")).to_contain_text("The league says so.")
    trader.check_fits()
    trader.choose_from_menu("Jobs", handle=handle)
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "40")
    expect(page.locator("#jobs")).to_contain_text("Writing lines")

    passed = f"from tests.e2e.seed import pass_time; pass_time(market={market!r}, handle={handle!r})"
    manage(project_dir, site.environment, "shell", "-c", passed)
    # Nobody reloads the page.
    expect(page.get_by_role("progressbar")).to_have_count(0)
    trader.check_fits()
    book = _downloaded(trader, page.get_by_role("link", name=re.compile(r"Download.*xlsx")), tmp_path)

    trader.go_to_portfolio()
    newest = page.locator("#statement tbody tr").first
    expect(newest).to_contain_text(f"Settlement: {question}")
    trader.check_fits()
    rows = _lines_of_table(_downloaded(trader, page.get_by_role("link", name="Download as CSV"), tmp_path))
    assert [(kind, asked) for kind, asked, _ in rows] == [("settlement", question), ("trade", question), ("grant", "")]
    paid, spent, granted = (amount for _, _, amount in rows)
    assert (paid, granted) == (shares, 1_000)
    assert -20 <= spent < Decimal("-19.99")
    assert _lines_of_workbook(book) == [(kind, asked, float(amount)) for kind, asked, amount in rows]
    balance = Decimal(page.locator(".masthead .balance").inner_text().replace(",", ""))
    assert abs(balance - sum(amount for _, _, amount in rows)) < Decimal("0.01")

    trader.press(page.get_by_role("button", name="Excel workbook"))
    expect(page.locator("#messages")).to_contain_text("Your statement is being written.")
    expect(page.get_by_role("link", name=re.compile(r"Download.*xlsx"))).to_have_count(2)

    page.goto(f"/markets/{market}")
    expect(page.locator("#headline")).to_have_text("Yes")
    expect(page.locator("#ticket")).to_contain_text("This market is decided")


def _lines_of_table(path: Path) -> list[tuple[str, str, Decimal]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["kind"], row["question"], Decimal(row["amount"])) for row in csv.DictReader(file)]


def _lines_of_workbook(path: Path) -> list[tuple[object, ...]]:
    book = load_workbook(path)
    head, *lines = book.worksheets[0].iter_rows(values_only=True)
    book.close()
    kind, question, amount = (head.index(name) for name in ("kind", "question", "amount"))
    return [(line[kind], line[question] or "", line[amount]) for line in lines]


def _buy(trader: Device, market: str) -> Decimal:
    """The shares that 20 credits brought."""
    page = trader.page
    page.goto(f"/markets/{market}")
    ticket = trader.choose_outcome("Yes")
    ticket.get_by_label("Spend").fill("20")
    button = page.locator("#ticket-submit")
    expect(button).to_have_text(re.compile(r"^Buy \d+(\.\d\d)? Yes for 20\.00$"))
    trader.press(button)
    expect(page.locator("#ticket-result")).to_contain_text("Yes for 20.00.")
    trader.close_ticket()
    shares = page.locator("#mine [data-position] td").nth(1)
    return Decimal((shares.get_attribute("title") or "").split()[0])


def _comment(trader: Device, shares: Decimal) -> None:
    page = trader.page
    page.get_by_label("Your comment").fill("The **keeper** is back.")
    trader.press(page.get_by_role("button", name="Post", exact=True))
    said = page.locator(".comment", has_text="The keeper is back.")
    expect(said.locator("strong", has_text="keeper")).to_be_visible()
    expect(said.locator("header")).to_contain_text(re.compile(rf"{int(shares)}.* Yes"))
    trader.check_fits()


def _answer_late(route: Route) -> None:
    """The market's own stream tells of the change before the form has its answer."""
    answer = route.fetch(max_redirects=0)
    time.sleep(0.7)
    route.fulfill(response=answer)


def _close_and_propose(staff: Device) -> None:
    page = staff.page
    page.route(re.compile(r"/markets/[^/]+/(close|propose)/?$"), _answer_late)
    close, propose = page.locator("#close"), page.locator("#propose")
    close.get_by_label("Reason").fill("The last match is played.")
    staff.press(close.get_by_label("Yes, end trading now"))
    staff.press(close.get_by_role("button", name="Close this market"))
    expect(page.locator("#messages")).to_contain_text("The market is closed.")
    propose.get_by_label("Result").select_option(label="Yes")
    propose.get_by_label("Reason").fill("The league says so.")
    staff.press(propose.get_by_role("button", name="Propose this result"))
    expect(page.locator("#messages")).to_contain_text("The result is proposed.")
    staff.check_fits()


def _downloaded(reader: Device, link: Locator, folder: Path) -> Path:
    with reader.page.expect_download() as coming:
        reader.press(link)
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path
