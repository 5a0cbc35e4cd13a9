"""Every page shows its figures, and every figure leads to rows."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from common import clock
from tests.analytics.business.conftest import NOW
from tests.analytics.business.days import Days
from tests.factories.accounts import make_alice, make_dave

pytestmark = pytest.mark.django_db
PAGES = ("", "markets", "traders", "revenue", "retention")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, address: str) -> str:
    with clock.replaying(NOW):
        answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_every_figure_leads_to_rows(lived: Days, page: str) -> None:
    dave = signed_in(make_dave())
    html = read(dave, f"/business/{page}")
    links = {unescape(link) for link in re.findall(r'href="(/business/rows\?[^"]+)"', html)}
    assert links
    for link in sorted(links)[:: max(1, len(links) // 25)]:
        read(dave, link)


def test_rows_go_down_to_trades_and_entries(lived: Days) -> None:
    dave = signed_in(make_dave())
    markets = read(dave, "/business/rows?metric=trades&start=2026-06-01&end=2026-06-09")
    first = unescape(re.findall(r'href="(/business/rows\?metric=trades[^"]+market=[^"]+)"', markets)[0])
    assert "maker rule" in read(dave, first) or "day" in read(dave, first)
    days = read(dave, "/business/rows?metric=fee_revenue&start=2026-06-01&end=2026-06-09")
    entries = unescape(re.findall(r'href="(/business/rows\?metric=fee_revenue[^"]+market=[^"]+)"', days)[0])
    assert "<td>fees</td><td>trade</td>" in read(dave, entries)


def test_the_revenue_page_says_that_the_ledger_agrees(lived: Days) -> None:
    html = read(signed_in(make_dave()), "/business/revenue?range=30d")
    assert "No difference, to the unit." in html
    found = re.search(r'Not explained by a source</dt><dd><a class="num" href="([^"]+)">0<', html)
    assert found
    assert "No rows" in read(signed_in(User.objects.get(username="dave")), unescape(found[1]))


def test_amounts_of_the_revenue_page_are_read_in_cents_and_told_to_the_unit(lived: Days) -> None:
    html = read(signed_in(make_dave()), "/business/revenue?range=30d")
    told = re.findall(r'<a (?:class="num" )?href="[^"]+" title="(−?[\d.]+)">(−?[\d.,]+)</a>', html)
    assert len(told) >= 9, "sources, flows and net revenue"
    for exact, shown in told:
        assert as_number(shown) == round(as_number(exact), 2)
    assert any(exact != shown.rstrip("0").rstrip(".") for exact, shown in told), "some amount has more places"


def as_number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace(",", ""))


def test_each_line_of_the_comparison_leads_to_its_entries(lived: Days) -> None:
    dave = signed_in(make_dave())
    html = read(dave, "/business/revenue?range=30d")
    section = html[html.index('id="ledger-head"') :]
    lines = re.findall(
        r'<th scope="row">([^<]+)</th><td class="r"><a href="([^"]+)" title="([^"]+)">([^<]+)</a></td>'
        r'<td class="r"><a href="([^"]+)"',
        section,
    )
    assert len(lines) == 7
    for title, href, amount, rounded, rollups_href in lines:
        assert rounded == f"{Decimal(amount):,.2f}", title
        assert sum(amounts(dave, href)) == Decimal(amount), title
        read(dave, unescape(rollups_href))
    assert dave.get("/business/rows/ledger?account=fees&day=yesterday").status_code == 422
    assert dave.get("/business/rows/ledger").status_code == 422
    assert dave.get("/business/rows/ledger?account=fees&cursor=x").status_code == 400
    assert signed_in(make_alice()).get("/business/rows/ledger?account=fees").status_code == 403


def amounts(client: Client, href: str) -> list[Decimal]:
    """What each day and market of a line sums to, checked against its entries."""
    found: list[Decimal] = []
    page: str | None = unescape(href)
    while page:
        html = read(client, page)
        for link, amount in re.findall(r'<td class="r"><a href="([^"]+)">(-?[\d.]+)</a></td></tr>', html):
            found.append(Decimal(amount))
            if len(found) <= 6:
                assert sum(entries(client, unescape(link))) == Decimal(amount), link
        more = re.search(r'href="(\?[^"]+cursor[^"]+)">Next', html)
        page = f"/business/rows/ledger{unescape(more[1])}" if more else None
    return found


def entries(client: Client, page: str) -> list[Decimal]:
    html = read(client, page)
    found = [Decimal(text) for text in re.findall(r'<td class="r">(-?[\d.]+)</td></tr>', html)]
    more = re.search(r'href="(\?[^"]+cursor[^"]+)">Next', html)
    return found + (entries(client, f"/business/rows/ledger{unescape(more[1])}") if more else [])


def test_no_number_is_without_rows(lived: Days) -> None:
    """Cells that hold a number, and lines of charts, are links."""
    dave = signed_in(make_dave())
    for page in PAGES:
        html = read(dave, f"/business/{page}")
        bare = re.findall(r'<td class="(?:r|r num|heat-\d)"[^>]*>(\s*[\d−-][^<]*)</td>', html)
        assert bare == [], page
        assert re.findall(r'<span class="num">([\d−-][^<]*)</span>', html) == [], page
        assert re.findall(r"</span> <b[^>]+data-now", html) == [], page


def test_a_peak_hour_leads_to_its_days_and_they_to_their_trades(lived: Days) -> None:
    dave = signed_in(make_dave())
    html = read(dave, "/business/markets?range=30d")
    title, link = re.findall(r'title="([^"]+)"><a href="(/business/rows[^"]+hour=\d+)"', html)[0]
    hours = read(dave, unescape(link))
    counts = [int(count) for count in re.findall(r'<td class="r"><a href="[^"]+">(\d+)</a></td>', hours)]
    assert sum(counts) == int(title.split(": ")[1].split()[0]) > 0
    trades = read(dave, unescape(re.findall(r'href="(/business/rows\?metric=trades[^"]+hour=\d+)"', hours)[0]))
    assert trades.count("<tr><td>") == counts[0]
    assert dave.get("/business/rows?metric=trades&hour=24").status_code == 422


def test_pages_are_for_staff_who_see_business_figures() -> None:
    alice = signed_in(make_alice())
    for page in (*PAGES, "rows?metric=volume"):
        assert alice.get(f"/business/{page}").status_code == 403
        assert Client().get(f"/business/{page}").status_code == 302


def test_mistakes_are_told(lived: Days) -> None:
    dave = signed_in(make_dave())
    assert dave.get("/business/rows?metric=luck").status_code == 404
    assert dave.get("/business/rows?metric=volume&start=2026-06-09&end=2026-06-01").status_code == 400
    assert dave.get("/business/rows").status_code == 422
    assert dave.get("/business/rows?metric=volume&cursor=x").status_code == 400


def test_recommendations_give_reasons(lived: Days) -> None:
    client = signed_in(User.objects.get(username="day0"))
    assert "For you" in read(client, "/for-you")
    shelf = client.get("/for-you", headers={"X-Requested-With": "fetch"}).content.decode()
    assert "<html" not in shelf
    assert 0 < shelf.count("<li") <= 5
    assert shelf.count("data-price=") == shelf.count("<li"), "each says its chance"
    home = client.get("/").content.decode()
    assert 'data-for-you="/for-you"' in home
    assert "data-for-you" not in Client().get("/").content.decode()


def test_an_empty_site_has_pages_too() -> None:
    dave = signed_in(make_dave())
    for page in PAGES:
        assert dave.get(f"/business/{page}").status_code == 200
