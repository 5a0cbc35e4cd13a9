"""An open order is edited in its row, by a form that works without a script."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from markets.models import Market
from tests.factories.accounts import make_user
from tests.factories.trading import funded_alice, live_market, place
from trading.models import Account, Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(client: Client) -> Order:
    alice = funded_alice()
    market: Market = live_market(slug="rain")
    place(alice, market, price=0.2, shares=10)
    client.force_login(alice)
    return Order.objects.get()


def _send(client: Client, order: Order, **fields: str) -> tuple[Any, list[str]]:
    answer = client.post(f"/orders/{order.pk}/amend", {"next": "/portfolio", **fields})
    order.refresh_from_db()
    return answer, [str(one) for one in get_messages(answer.wsgi_request)]


def test_the_row_has_a_form_and_its_new_terms_are_kept(client: Client, order: Order) -> None:
    page = client.get("/portfolio").content.decode()
    assert f'action="/orders/{order.pk}/amend"' in page
    assert 'name="price" value="20"' in page
    answer, told = _send(client, order, price="25.5", quantity="8")
    assert answer.headers["Location"] == "/portfolio"
    assert (order.price, order.quantity, order.status) == (2_550, 80_000, "open")
    assert Account.objects.get(user_id=order.user_id).held == 204_000_000
    assert told == ["The order on Yes has its new terms."]


@pytest.mark.parametrize(
    ("price", "quantity", "words"),
    [
        ("x", "10", "Price: 'x' is not a number"),
        ("20", "-1", "Shares: '-1'"),
        ("20", "0", "The order stays as it was."),
        ("99", "100000", "The order stays as it was."),
        ("20", "10", "The order stays as it was: its price and shares are the same."),
    ],
)
def test_what_isnt_possible_changes_nothing(
    client: Client, order: Order, price: str, quantity: str, words: str
) -> None:
    _, told = _send(client, order, price=price, quantity=quantity)
    assert (order.price, order.quantity, order.status) == (2_000, 100_000, "open")
    assert Account.objects.get(user_id=order.user_id).held == 200_000_000
    assert words in told[0]


def test_a_refusal_leads_back_to_the_open_form(client: Client, order: Order) -> None:
    answer, _ = _send(client, order, price="x", quantity="10")
    assert answer.headers["Location"] == f"/portfolio?edit={order.pk}#order-{order.pk}"
    assert '<details class="amend" open>' in client.get(f"/portfolio?edit={order.pk}").content.decode()


def test_another_traders_order_doesnt_exist(client: Client, order: Order) -> None:
    client.force_login(make_user("mallory"))
    assert _send(client, order, price="30", quantity="10")[0].status_code == 404
    assert order.price == 2_000
