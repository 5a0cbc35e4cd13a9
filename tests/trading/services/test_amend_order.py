"""Amends on the tables: rows, journal, answers, idempotency, and what a restarted process makes of them."""

import pytest

from common.money import CASH_SCALE
from markets.models import MarketEvent
from markets.services.halt_market import halt_market
from tests.factories.trading import document, funded_alice, funded_bob, live_market, place, wallet
from tests.trading.tables import everything
from trading.models import Order, Trade
from trading.selectors.invariants import INVARIANTS, rows_at_fault
from trading.services._market_cache import cached_market, forget_all
from trading.services.amend_order import amend_order
from trading.services.queue_position import queue_position
from trading.services.replay_market import replay_market

pytestmark = pytest.mark.django_db


def amended(user, market, order_id, **terms):
    return amend_order(user_id=user.pk, market_id=market.pk, order_id=order_id, **terms)


def resting(user, market, **fields):
    return document(place(user, market, **fields))["id"]


def columns(order_id):
    return Order.objects.values_list("price", "quantity", "filled", "hold_cash", "status", "priority").get(pk=order_id)


def line(market):
    state = cached_market(market.pk).state
    return [order.order_id for order in state.books[0].bids.orders()]


def test_a_new_price_is_stored_answered_and_journalled():
    alice, market = funded_alice(), live_market()
    order_id = resting(alice, market, price=0.40, key="c-1")
    answer = amended(alice, market, order_id, price=4_500)
    found = document(answer)
    assert (answer.status, found["id"], found["client_order_id"]) == (200, order_id, "c-1")
    assert (found["price"], found["quantity"], found["status"]) == ("0.4500", "10", "open")
    assert found["account"] == {"cash": "1000", "held": "4.5", "available": "995.5"}
    price, quantity, filled, held, status, priority = columns(order_id)
    assert (price, quantity, filled, held, status) == (4_500, 100_000, 0, 450_000_000, "open")
    assert priority > order_id
    assert wallet(alice).held == 450_000_000
    record = MarketEvent.objects.get(market=market, kind="order_amended")
    assert record.data["c"] == ["amend", alice.pk, order_id, 4_500, None, None, "", "", priority]
    assert replay_market(market_id=market.pk).is_equal


@pytest.mark.parametrize("is_restarted", [False, True])
def test_places_in_the_line_survive_a_restart(is_restarted):
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    first, second, third = (resting(user, market, price=0.40) for user in (alice, bob, alice))
    amended(alice, market, first, quantity=120_000)
    amended(bob, market, second, decrease=20_000)
    if is_restarted:
        forget_all()
    assert queue_position(market_id=market.pk, user_id=alice.pk, order_id=third).orders_ahead == 1
    assert line(market) == [second, third, first]
    found = queue_position(market_id=market.pk, user_id=alice.pk, order_id=first)
    assert (found.orders_ahead, found.lots_ahead) == (2, 180_000)
    assert queue_position(market_id=market.pk, user_id=alice.pk, order_id=10**9) is None
    assert replay_market(market_id=market.pk).is_equal


def test_a_follower_that_reads_the_journal_stands_the_same():
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    first, second = (resting(user, market, price=0.40) for user in (alice, bob))
    entry = cached_market(market.pk)
    behind, entry.state = entry.state, None
    amended(alice, market, first, price=4_000, quantity=150_000)
    entry.state = behind
    assert queue_position(market_id=market.pk, user_id=alice.pk, order_id=first).orders_ahead == 1
    assert line(market) == [second, first]


def test_what_crosses_trades_and_pays():
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    order_id = resting(alice, market, price=0.40)
    resting(bob, market, outcome=1, price=0.50, shares=4)
    found = document(amended(alice, market, order_id, price=5_000))
    assert (found["filled"], found["remaining"], found["cost"]) == ("4", "6", "2")
    assert [fill["quantity"] for fill in found["fills"]] == ["4"]
    assert (wallet(alice).cash, wallet(alice).held) == (998 * CASH_SCALE, 3 * CASH_SCALE)
    assert Trade.objects.get().taker_order_id == order_id
    # A trade at an older, higher price isn't worse than the limit of then.
    amended(alice, market, order_id, price=3_000)
    assert [invariant.title for invariant in INVARIANTS if rows_at_fault(invariant)] == []
    assert replay_market(market_id=market.pk).is_equal


def test_a_refusal_changes_nothing():
    alice, market = funded_alice(), live_market()
    order_id = resting(alice, market, price=0.40)
    before = everything()
    answer = amended(alice, market, order_id, quantity=10**9)
    assert (answer.status, document(answer)["code"]) == (409, "order.insufficient_funds")
    assert everything() == before
    assert line(market) == [order_id]


def test_a_key_makes_a_repetition_safe():
    alice, market = funded_alice(), live_market()
    order_id = resting(alice, market, price=0.40)
    first = amended(alice, market, order_id, decrease=40_000, key="once")
    before = everything()
    again = amended(alice, market, order_id, decrease=40_000, key="once")
    assert (again.body, again.is_replay, again.status) == (first.body, True, 200)
    assert everything() == before
    other = amended(alice, market, order_id, decrease=30_000, key="once")
    assert (other.status, document(other)["code"]) == (409, "order.client_order_id_reused")
    assert columns(order_id)[1] == 60_000


def test_a_refused_amend_keeps_its_answer_for_the_key():
    alice, market = funded_alice(), live_market()
    order_id = resting(alice, market, price=0.40)
    first = amended(alice, market, order_id, price=4_000, key="same")
    assert (first.status, document(first)["code"]) == (409, "order.amend_invalid")
    assert amended(alice, market, order_id, price=4_000, key="same").body == first.body


def test_in_a_halt_it_only_becomes_smaller():
    alice, market = funded_alice(), live_market()
    order_id = resting(alice, market, price=0.40)
    halt_market(market_id=market.pk, actor_id=None, reason="The source is down.")
    assert document(amended(alice, market, order_id, price=4_100))["code"] == "order.market_not_open"
    assert document(amended(alice, market, order_id, quantity=50_000))["quantity"] == "5"
    assert document(amended(alice, market, order_id, decrease=50_000))["status"] == "cancelled"
    assert wallet(alice).held == 0
    assert replay_market(market_id=market.pk).is_equal
