import pytest

from common.money import CASH_SCALE
from markets.services.close_market import close_market
from tests.factories.trading import document, funded_alice, funded_bob, live_market, place, spec, wallet
from tests.trading.tables import everything
from trading.models import Order
from trading.services.cancel_all import cancel_all
from trading.services.cancel_order import cancel_order
from trading.services.merge_sets import merge_sets
from trading.services.mint_sets import mint_sets
from trading.services.place_order import place_order

pytestmark = pytest.mark.django_db


def test_an_order_is_cancelled_by_its_number():
    alice, market = funded_alice(), live_market()
    placed = document(place(alice, market))
    answer = cancel_order(user_id=alice.pk, order_id=placed["id"])
    assert (answer.status, document(answer)["status"]) == (200, "cancelled")


@pytest.mark.parametrize("who", ["another trader", "nobody"])
def test_only_an_own_open_order_can_be_cancelled(who):
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    placed = document(place(alice, market))
    before = everything()
    number = placed["id"] if who == "another trader" else 2**50
    answer = cancel_order(user_id=bob.pk, order_id=number)
    assert (answer.status, document(answer)["code"]) == (404, "order.not_found")
    assert everything() == before


def test_one_traders_orders_are_cancelled_together():
    alice, bob, market, other = funded_alice(), funded_bob(), live_market(), live_market()
    for price in (0.1, 0.2, 0.3):
        place(alice, market, price=price)
    place(bob, market, price=0.1)
    place(alice, other, price=0.1)
    assert cancel_all(market.pk, user_id=alice.pk) == 3
    assert set(Order.objects.filter(status="open").values_list("user_id", "market_id")) == {
        (bob.pk, market.pk),
        (alice.pk, other.pk),
    }
    assert wallet(alice).held == CASH_SCALE


def test_everybodys_orders_are_cancelled_when_a_market_is_closed(monkeypatch):
    monkeypatch.setattr("trading.services.cancel_all._BATCH", 2)
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    for price in (0.1, 0.2, 0.3):
        place(alice, market, price=price)
        place(bob, market, price=price)
    close_market(market_id=market.pk, actor_id=None)
    assert cancel_all(market.pk, user_id=alice.pk) == 0
    assert cancel_all(market.pk) == 6
    assert not Order.objects.exclude(status="cancelled").exists()
    assert (wallet(alice).held, wallet(bob).held) == (0, 0)


def test_sets_and_orders_have_doors_of_their_own():
    alice, market = funded_alice(), live_market()
    assert mint_sets(user_id=alice.pk, market_id=market.pk, quantity=20_000).status == 201
    assert merge_sets(user_id=alice.pk, market_id=market.pk, quantity=10_000).status == 201
    first = place_order(user_id=alice.pk, spec=spec(market), client_order_id="c-1")
    assert place_order(user_id=alice.pk, spec=spec(market), client_order_id="c-1").body == first.body
    assert place_order(user_id=alice.pk, spec=spec(market)).body != first.body
    refused = merge_sets(user_id=alice.pk, market_id=market.pk, quantity=20_000)
    assert document(refused)["code"] == "order.insufficient_shares"
