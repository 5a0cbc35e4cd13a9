"""Orders through the plain form, as a browser without scripts sends them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from markets.models import Market, MarketEvent
from markets.services.halt_market import halt_market
from tests.factories.accounts import make_alice, make_bob, make_carol
from tests.factories.markets import make_draft
from trading.models import Account, LedgerEntry, Order, Position
from trading.services.mint_sets import mint_sets
from trading.services.open_account import open_account
from trading.services.open_market import open_market

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "web-0123456789abcdef"


@pytest.fixture
def alice() -> User:
    user = make_alice()
    open_account(user.pk)
    return user


@pytest.fixture
def market(alice: User) -> Market:
    """b = 1,000 shares, yes and no at 50¢."""
    draft = make_draft(liquidity_lots=10_000_000)
    open_market(draft.pk)
    return draft


@pytest.fixture
def signed_in(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def _send(client: Client, market: Market, **fields: str) -> Any:
    given = {
        "outcome": "yes",
        "side": "buy",
        "type": "market",
        "amount": "30",
        "client_order_id": KEY,
        "intent": "place",
    }
    return client.post(f"/markets/{market.slug}/ticket", given | fields)


def _state() -> tuple[Any, ...]:
    return (
        list(Order.objects.order_by("id").values_list("id", "status", "filled")),
        list(LedgerEntry.objects.order_by("id").values_list("id", flat=True)),
        list(Account.objects.order_by("id").values_list("cash", "held")),
        MarketEvent.objects.count(),
    )


def test_preview_says_everything_and_changes_nothing(signed_in: Client, market: Market) -> None:
    before = _state()
    response = _send(signed_in, market, intent="preview")
    assert response.status_code == 200
    preview = response.context["page"].preview
    assert (
        preview.button == f"Buy {preview.filled / 10_000:g} Yes for {preview.cost / 10**8:g}"
        or preview.filled > 500_000
    )
    assert preview.total <= 30 * 10**8
    assert preview.payout == preview.filled * 10_000
    assert preview.profit == preview.payout - preview.total
    assert 500_000 < preview.price_after < 530_000
    html = response.content.decode()
    assert 'name="intent" value="place"' in html
    assert KEY in html, "the order that is confirmed is the order that was shown"
    assert _state() == before


def test_placing_fills_what_the_preview_said(signed_in: Client, alice: User, market: Market) -> None:
    preview = _send(signed_in, market, intent="preview").context["page"].preview
    response = _send(signed_in, market)
    assert (response.status_code, response.headers["Location"]) == (302, f"/markets/{market.slug}")
    position = Position.objects.get(user=alice)
    assert (position.outcome, position.quantity) == (0, preview.filled)
    page = signed_in.get(response.headers["Location"]).content.decode()
    assert "Bought" in page
    assert 'data-position="yes"' in page


def test_a_double_click_places_one_order(signed_in: Client, market: Market) -> None:
    first, second = _send(signed_in, market), _send(signed_in, market)
    assert first.status_code == second.status_code == 302
    assert Order.objects.count() == 1


def test_a_limit_order_rests_and_can_be_cancelled(signed_in: Client, alice: User, market: Market) -> None:
    _send(signed_in, market, type="limit", price="20.5", quantity="10", amount="", time_in_force="gtc")
    order = Order.objects.get()
    assert (order.price, order.quantity, order.status) == (2_050, 100_000, "open")
    assert Account.objects.get(user=alice).held == 205_000_000
    response = signed_in.post(f"/orders/{order.pk}/cancel", {"next": "/portfolio"})
    assert response.headers["Location"] == "/portfolio"
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert Account.objects.get(user=alice).held == 0


@pytest.mark.parametrize(("side", "is_reducing"), [("sell", True), ("buy", False)])
def test_a_limit_sell_may_be_reduce_only(
    signed_in: Client, alice: User, market: Market, side: str, is_reducing: bool
) -> None:
    mint_sets(user_id=alice.pk, market_id=market.pk, quantity=100_000)
    price = {"sell": "90", "buy": "10"}[side]
    _send(signed_in, market, type="limit", side=side, quantity="25", price=price, reduce_only="on", time_in_force="gtc")
    order = Order.objects.get()
    expected = (True, 100_000, 0) if is_reducing else (False, 250_000, 0)
    assert (order.reduce_only, order.quantity, order.hold_shares) == expected


def test_no_is_bought_as_asked(signed_in: Client, alice: User, market: Market) -> None:
    _send(signed_in, market, outcome="no")
    assert Position.objects.get(user=alice).outcome == 1


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"amount": ""}, "amount", "Give the credits to spend"),
        ({"amount": "many"}, "amount", "is not a plain decimal number"),
        ({"amount": "-5"}, "amount", "is not a plain decimal number"),
        ({"amount": "0"}, "amount", ""),
        ({"amount": "1.123456789"}, "amount", ""),
        ({"amount": "5000"}, "amount", "You have 1,000.00 free; this needs"),
        ({"side": "sell", "quantity": ""}, "quantity", "Give a number of shares"),
        ({"side": "sell", "quantity": "5"}, "quantity", ""),
        ({"type": "limit", "quantity": "5", "price": "100"}, "price", "0.01 to 99.99"),
        ({"type": "limit", "quantity": "5", "price": ""}, "price", "Give a price in cents"),
        ({"type": "limit", "quantity": "0.00001", "price": "50"}, "quantity", ""),
        ({"amount": "999999999999"}, "amount", "more than there is"),
        ({"amount": "9" * 30}, "amount", ""),
        ({"amount": "1\0"}, "amount", ""),
        ({"type": "limit", "quantity": "999999999999", "price": "50"}, "quantity", ""),
        ({"side": "sell", "quantity": "999999999999"}, "quantity", ""),
        ({"outcome": "maybe"}, "outcome", "maybe"),
        ({"outcome": "yes\0"}, "outcome", ""),
        ({"client_order_id": "short"}, "client_order_id", ""),
    ],
)
def test_a_refusal_stands_beside_its_field_and_changes_nothing(
    signed_in: Client, market: Market, fields: dict[str, str], field: str, words: str
) -> None:
    before = _state()
    response = _send(signed_in, market, **fields)
    assert 400 <= response.status_code < 500
    errors = response.context["page"].form.errors
    assert list(errors) == [field]
    assert words in errors[field][0]
    assert _state() == before


def test_a_corrected_order_after_a_refusal_is_a_new_order(signed_in: Client, market: Market) -> None:
    refused = _send(signed_in, market, amount="5000")
    key = refused.context["page"].form["client_order_id"].value()
    assert key != KEY
    assert _send(signed_in, market, amount="5", client_order_id=key).status_code == 302


def test_the_same_key_for_another_order_is_refused(signed_in: Client, market: Market) -> None:
    _send(signed_in, market)
    before = _state()
    response = _send(signed_in, market, amount="31")
    assert response.status_code == 409
    assert _state() == before


def test_a_visitor_is_sent_to_sign_in(client: Client, market: Market) -> None:
    before = _state()
    response = _send(client, market)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")
    assert _state() == before


def test_someone_without_the_role_may_not_trade(client: Client, market: Market) -> None:
    carol = make_carol()
    open_account(carol.pk)
    client.force_login(carol)
    before = _state()
    response = _send(client, market)
    assert response.status_code == 403
    assert "may not trade" in response.content.decode()
    assert _state() == before


def test_a_halted_market_refuses_in_words(signed_in: Client, market: Market) -> None:
    halt_market(market_id=market.pk, actor_id=None, reason="Checking a source.")
    before = _state()
    assert _send(signed_in, market).status_code == 409
    assert _state() == before


def test_another_traders_order_doesnt_exist(client: Client, signed_in: Client, market: Market) -> None:
    _send(signed_in, market, type="limit", price="20", quantity="10", amount="")
    order = Order.objects.get()
    bob = make_bob()
    client.force_login(bob)
    assert client.post(f"/orders/{order.pk}/cancel").status_code == 404
    order.refresh_from_db()
    assert order.status == "open"


def test_cancelling_never_leads_to_another_site(signed_in: Client, market: Market) -> None:
    _send(signed_in, market, type="limit", price="20", quantity="10", amount="")
    response = signed_in.post(f"/orders/{Order.objects.get().pk}/cancel", {"next": "https://evil.example/"})
    assert response.headers["Location"] == f"/markets/{market.slug}"


def test_forms_need_their_token(alice: User, market: Market) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    before = _state()
    assert _send(strict, market).status_code == 403
    assert _state() == before


def test_a_stop_waits_for_its_price(signed_in: Client, market: Market) -> None:
    stop = {"type": "stop", "quantity": "10", "trigger": "60", "amount": ""}
    shown = _send(signed_in, market, **stop, intent="preview")
    preview = shown.context["page"].preview
    assert (preview.button, preview.left) == ("Buy 10 Yes from 0.6000 up", 99_000_100_000)
    assert "shares wait in the book" not in shown.content.decode()
    told = signed_in.get(_send(signed_in, market, **stop)["Location"]).content.decode()
    assert "The order on Yes waits for a trade at 0.6000." in told
    assert list(Order.objects.values_list("type", "status", "time_in_force")) == [("stop", "waiting", "gtc")]
    again = stop | {"client_order_id": "web-the-second-order", "price": "65"}
    assert _send(signed_in, market, **again).status_code == 302
    assert list(Order.objects.order_by("id").values_list("type", "price")) == [("stop", None), ("stop_limit", 6_500)]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"trigger": "40"}, "trigger", "a buy waits above it"),
        ({"trigger": ""}, "trigger", "Give a price in cents, such as 62 or 62.5."),
        ({"trigger": "60", "time_in_force": "gtd"}, "expires", "Give the day and the time at which it ends."),
        ({"trigger": "60", "time_in_force": "gtd", "expires": "tomorrow"}, "expires", "Give the day and the time"),
        ({"trigger": "60", "time_in_force": "gtd", "expires": "2020-01-01T00:00"}, "expires", "expires_at has passed"),
    ],
)
def test_what_is_wrong_with_a_stop_is_said_beside_the_field(
    signed_in: Client, market: Market, fields: dict[str, str], field: str, words: str
) -> None:
    before = _state()
    response = _send(signed_in, market, **{"type": "stop", "quantity": "10", "amount": ""} | fields)
    assert words in response.context["page"].form.errors[field][0]
    assert _state() == before


def test_a_limit_order_ends_at_its_time(signed_in: Client, market: Market) -> None:
    fields = {"type": "limit", "quantity": "10", "price": "40", "time_in_force": "gtd", "expires": "2099-12-31T23:59"}
    assert _send(signed_in, market, **fields).status_code == 302
    order = Order.objects.get()
    assert (order.time_in_force, order.valid_until) == ("gtd", datetime(2099, 12, 31, 23, 59, tzinfo=UTC))
