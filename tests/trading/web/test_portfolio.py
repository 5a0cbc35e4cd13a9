import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories.accounts import make_user
from tests.factories.rows import NOW, row_market, row_order, row_trade, row_user
from trading.models import Position
from trading.services.grant import grant

pytestmark = pytest.mark.django_db


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    response = client.get("/portfolio")
    assert response.status_code == 302
    assert response.headers["Location"] == "/accounts/login/?next=/portfolio"


def test_empty_parts_say_what_to_do(client: Client) -> None:
    client.force_login(row_user("carol"))
    html = client.get("/portfolio").content.decode()
    for words in ("You hold no shares yet", "No open order", "No fill yet", "Nothing has moved yet"):
        assert words in html


def test_values_add_up(client: Client) -> None:
    alice = make_user("alice")
    grant(user_id=alice.pk, amount=50 * 10**8, memo="A prize")
    market = row_market(prices=[600_000, 400_000])
    Position.objects.create(market=market, user=alice, outcome=0, quantity=100_000, cost=500_000_000, updated_at=NOW)
    row_trade(market, row_order(market, alice, status="filled"))
    client.force_login(alice)
    response = client.get("/portfolio")
    page = response.context["page"]
    assert (page.value, page.profit) == (600_000_000, 100_000_000)
    assert page.total == page.account.cash + 600_000_000
    assert page.ledger[0].memo == "A prize"
    assert "A prize" in response.content.decode()
    assert len(page.fills) == 1


def test_the_statement_pages_by_cursor(client: Client) -> None:
    alice = make_user("alice")
    for number in range(30):
        grant(user_id=alice.pk, amount=10**8, memo=f"Gift {number}")
    client.force_login(alice)
    first = client.get("/portfolio").context["page"]
    second = client.get(first.ledger_next.split("#")[0]).context["page"]
    memos = [line.memo for line in (*first.ledger, *second.ledger)]
    assert memos == [*(f"Gift {number}" for number in range(29, -1, -1)), "Starting credits"]
    assert (second.ledger_next, second.is_first_ledger_page) == ("", False)
    assert client.get("/portfolio?ledger=nonsense").status_code == 200


def test_another_traders_things_dont_show(client: Client) -> None:
    market, bob = row_market("Only Bob trades here?"), row_user("bob")
    row_order(market, bob)
    client.force_login(row_user("alice"))
    assert "Only Bob trades here?" not in client.get("/portfolio").content.decode()


def test_queries_are_bounded(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    alice = row_user("alice")
    for _ in range(10):
        row_trade(row_market(), row_order(row_market(), alice))
    client.force_login(alice)
    client.get("/portfolio")
    # user, positions, orders, fills, ledger, heartbeat, masthead with the account, and what the
    # role sees
    with django_assert_num_queries(8):
        client.get("/portfolio")
