import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories.rows import NOW, row_market, row_order, row_trade, row_user
from trading.models import Position

pytestmark = pytest.mark.django_db


def test_the_page_in_the_order_in_which_people_ask(client: Client) -> None:
    market = row_market("Will it rain?", prices=[623_400, 376_600], resolution_source="https://example.org/rain")
    html = client.get(f"/markets/{market.slug}").content.decode().split("<main")[1]
    parts = ["<h1>Will it rain?</h1>", "62%", 'id="chart"', 'id="rules-title"', 'id="book-title"', 'id="trades-title"']
    assert [html.index(part) for part in parts] == sorted(html.index(part) for part in parts)
    assert 'href="https://example.org/rain"' in html


def test_a_visitor_finds_the_way_in_and_no_form(client: Client) -> None:
    market = row_market()
    html = client.get(f"/markets/{market.slug}").content.decode()
    assert f"/accounts/signup/?next=/markets/{market.slug}" in html
    assert 'id="ticket-form"' not in html


def test_a_trader_sees_position_and_open_orders(client: Client) -> None:
    market, alice, bob = row_market(prices=[600_000, 400_000]), row_user("alice"), row_user("bob")
    order = row_order(market, alice)
    Position.objects.create(market=market, user=alice, outcome=0, quantity=100_000, cost=500_000_000, updated_at=NOW)
    other = row_order(market, bob)
    client.force_login(alice)
    html = client.get(f"/markets/{market.slug}").content.decode()
    assert f'action="/orders/{order.pk}/cancel"' in html
    assert f"/orders/{other.pk}/cancel" not in html
    assert 'data-position="yes" data-free="10"' in html
    assert "+1.00" in html


def test_a_link_chooses_outcome_and_side(client: Client) -> None:
    market = row_market(outcomes=("Ann", "Ben"))
    client.force_login(row_user("alice"))
    html = client.get(f"/markets/{market.slug}?outcome=ben&side=sell").content.decode()
    assert '<option value="ben" selected>' in html
    assert 'name="side" value="sell" checked' in html
    odd = client.get(f"/markets/{market.slug}?outcome=zed&side=steal").content.decode()
    assert 'name="side" value="buy" checked' in odd


def test_a_hundred_outcomes_fit(client: Client) -> None:
    names = tuple(f"Name{number}" for number in range(100))
    market = row_market("Which of a hundred?", outcomes=names)
    client.force_login(row_user("alice"))
    html = client.get(f"/markets/{market.slug}").content.decode()
    assert html.count("data-rest") == 92
    assert html.count('<option value="name') == 100


@pytest.mark.parametrize(
    ("status", "words"),
    [("closed", "Trading is over"), ("halted", "Trading is halted"), ("void", "This market is void"),
     ("resolved", "This market is decided"), ("disputed", "Trading is over")],
)  # fmt: skip
def test_a_market_that_doesnt_trade_says_why(client: Client, status: str, words: str) -> None:
    market = row_market(status=status, payouts=[10_000, 0] if status == "resolved" else None)
    html = client.get(f"/markets/{market.slug}").content.decode()
    assert words in html
    assert 'class="ticket-bar"' not in html


def test_trades_are_told_with_the_simulated_ones_labelled(client: Client) -> None:
    market = row_market()
    row_trade(market, row_order(market, row_user("robo", is_simulated=True)))
    html = client.get(f"/markets/{market.slug}/trades").content.decode()
    assert "robo" in html
    assert "A simulated trader of the demo" in html
    assert "<html" not in html


def test_mine_is_empty_for_a_visitor(client: Client) -> None:
    market = row_market()
    row_order(market, row_user("bob"))
    assert client.get(f"/markets/{market.slug}/mine").content.decode().strip() == ""


@pytest.mark.parametrize("slug", ["no-such-market", "999999999999999999999999", "0"])
def test_no_such_market(client: Client, slug: str) -> None:
    response = client.get(f"/markets/{slug}")
    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_a_draft_is_seen_by_its_creator_and_staff_only(client: Client) -> None:
    alice = row_user("alice")
    market = row_market(status="draft", creator=alice)
    assert client.get(f"/markets/{market.slug}").status_code == 404
    client.force_login(row_user("bob"))
    assert client.get(f"/markets/{market.slug}").status_code == 404
    client.force_login(alice)
    assert client.get(f"/markets/{market.slug}").status_code == 200


def test_texts_are_escaped_also_inside_the_data_of_scripts(client: Client) -> None:
    market = row_market("Is </script><b>x a question?", rules="<img src=x onerror=alert(1)>", description="<b>bold</b>")
    html = client.get(f"/markets/{market.slug}").content.decode()
    assert "<img src=x" not in html
    assert "</script><b>" not in html


def test_queries_are_bounded(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    market = row_market()
    for _ in range(10):
        row_trade(market, row_order(market, row_user()))
    client.get(f"/markets/{market.slug}")
    # market, sparkline, trades, comments, masthead; the book is read past the ORM, once
    with django_assert_num_queries(5):
        client.get(f"/markets/{market.slug}")
    client.force_login(row_user("alice"))
    client.get(f"/markets/{market.slug}")
    # and user, permissions, what is the trader's own; the account comes with the masthead
    with django_assert_num_queries(8):
        client.get(f"/markets/{market.slug}")


def test_a_partial_resolution_says_what_each_share_pays(client: Client) -> None:
    market = row_market(status="resolved", payouts=[3_000, 7_000])
    html = client.get(f"/markets/{market.slug}").content.decode()
    assert "Resolved in part" in html
    assert "<dt>A share pays</dt><dd>Yes 30¢, No 70¢</dd>" in html


def test_a_market_that_was_closed_early_says_when_it_really_ended(client: Client) -> None:
    market = row_market(status="closed", closed_at=NOW)
    html = client.get(f"/markets/{market.slug}").content.decode()
    assert "<dt>Trading ended</dt><dd>22 November 2026, 09:30 UTC</dd>" in html
    halted = row_market(status="halted")
    html = client.get(f"/markets/{halted.slug}").content.decode()
    assert "<dt>Trading ends</dt><dd>1 January 2031, 00:00 UTC</dd>" in html
    assert " left</time>" in html


@pytest.mark.parametrize(
    ("status", "payouts", "words"),
    [("resolved", [10_000, 0], "Yes</span> <small>is the result"), ("resolved", [3_000, 7_000], "In part</span>"),
     ("void", None, "Void</span> <small>everyone got back what they had put in")],
)  # fmt: skip
def test_the_head_of_a_market_that_is_over_says_how_it_ended(
    client: Client, status: str, payouts: list[int] | None, words: str
) -> None:
    html = client.get(f"/markets/{row_market(status=status, payouts=payouts).slug}").content.decode()
    assert f'<span class="num" id="headline">{words}' in html
    assert "chance of yes" not in html
    assert 'aria-labelledby="book-title" hidden' in html
