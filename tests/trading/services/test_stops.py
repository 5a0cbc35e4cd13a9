"""Stops in the tables: held, listed, restarted, ended, replayed."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from common import clock
from common.money import CASH_SCALE
from markets.models import Market, MarketEvent
from markets.services.close_market import close_market
from tests.factories.accounts import make_user
from tests.factories.trading import LIQUIDITY, document, fund, funded_alice, funded_bob, live_market, place, run, wallet
from trading.models import Order, Position, Trade
from trading.selectors.invariants import INVARIANTS, rows_at_fault
from trading.selectors.orders import orders
from trading.services._market_cache import cached_market
from trading.services.answer import Answer
from trading.services.cancel_all import cancel_all
from trading.services.mint_sets import mint_sets
from trading.services.replay_market import replay_market
from trading.tasks import expire_due_orders
from trading.types import CancelOrder, OrderType, Ties, TimeInForce

pytestmark = pytest.mark.django_db


def broken() -> list[str]:
    return [invariant.title for invariant in INVARIANTS if rows_at_fault(invariant)]


def stop(user: User, market: Market, side: str, trigger: int, *, limit: float | None = None, **fields: Any) -> Answer:
    fields = {
        "type": OrderType.STOP_LIMIT if limit else OrderType.STOP,
        "time_in_force": TimeInForce.GTC,
        "ties": Ties(trigger),
        **fields,
    }
    return place(user, market, side, price=limit, **fields)


def trade_at(market: Market, buyer: User, seller: User, price: float) -> None:
    place(buyer, market, price=price, shares=1)
    place(seller, market, "buy", 1, price=round(1 - price, 4), shares=1)


@pytest.fixture
def people() -> tuple[User, User, User]:
    return funded_alice(), funded_bob(), fund(make_user("carol"))


def test_it_waits_with_its_money_and_is_listed_among_the_open(people: tuple[User, User, User]) -> None:
    alice, market = people[0], live_market()
    found = document(stop(alice, market, "buy", 6_000, limit=0.7))
    assert (found["status"], found["type"], found["trigger_price"]) == ("waiting", "stop_limit", "0.6000")
    assert (found["remaining"], found["account"]["held"]) == ("10", "7")
    row = Order.objects.get()
    assert (row.status, row.trigger_price, row.hold_cash, row.filled) == ("waiting", 6_000, 7 * CASH_SCALE, 0)
    assert [order.id for order in orders(alice.pk, status="open").items] == [row.pk]
    assert [order.id for order in orders(alice.pk, status="waiting").items] == [row.pk]
    assert broken() == []


@pytest.mark.parametrize("is_restarted", [False, True])
def test_it_fires_in_the_record_of_the_trade_that_reaches_it(
    people: tuple[User, User, User], is_restarted: bool
) -> None:
    alice, bob, carol = people
    market = live_market()
    placed = document(stop(alice, market, "buy", 6_000, limit=0.7))
    if is_restarted:
        cached_market(market.pk).forget()
    place(bob, market, "buy", 1, price=0.35, shares=4)
    trade_at(market, carol, bob, 0.6)
    row = Order.objects.get(pk=placed["id"])
    assert (row.status, row.filled, row.cost, row.hold_cash) == ("open", 4 * 10_000, 26 * CASH_SCALE // 10, 42 * 10**7)
    first, second = Trade.objects.order_by("id")
    assert (first.seq, first.line, first.price) == (second.seq, 0, 6_000)
    assert (second.line, second.taker_order_id, second.taker_id, second.price) == (1, row.pk, alice.pk, 6_500)
    assert MarketEvent.objects.filter(market=market).latest("seq").kind == "order_placed"
    assert wallet(alice).cash == 1_000 * CASH_SCALE - 26 * CASH_SCALE // 10
    assert broken() == []
    assert replay_market(market_id=market.pk).is_equal


def test_a_budget_tells_its_quantity_when_it_fires(people: tuple[User, User, User]) -> None:
    alice, bob, _ = people
    market = live_market(liquidity_lots=LIQUIDITY)
    placed = document(stop(alice, market, "buy", 5_100, shares=0, quantity=None, cost_max=2 * CASH_SCALE))
    assert (placed["quantity"], placed["max_cost"], placed["account"]["held"]) == ("0", "2", "2")
    place(bob, market, price=None, shares=120)
    row = Order.objects.get(pk=placed["id"])
    assert (row.status, row.quantity, row.hold_cash) == ("filled", row.filled, 0)
    assert 3 * 10_000 < row.filled < 4 * 10_000
    assert 0 <= 1_000 * CASH_SCALE - wallet(alice).cash <= 2 * CASH_SCALE
    assert wallet(alice).held == 0
    assert broken() == []
    assert replay_market(market_id=market.pk).is_equal


def test_it_is_cancelled_by_hand_by_time_and_at_the_close(people: tuple[User, User, User]) -> None:
    alice, market = people[0], live_market()
    end = clock.now() + timedelta(minutes=5)
    first = document(stop(alice, market, "buy", 6_000, limit=0.7))
    stop(alice, market, "buy", 6_000, limit=0.7, time_in_force=TimeInForce.GTD, valid_until=end)
    stop(alice, market, "buy", 6_000, limit=0.7)
    answer = run(market, CancelOrder(alice.pk, first["id"]))[0]
    assert (answer.status, document(answer)["status"]) == (200, "cancelled")
    with clock.replaying(end):
        assert expire_due_orders() == 1
    assert wallet(alice).held == 7 * CASH_SCALE
    close_market(market_id=market.pk, actor_id=None)
    assert cancel_all(market.pk) == 1
    assert set(Order.objects.values_list("status", flat=True)) == {"cancelled"}
    assert wallet(alice).held == 0
    assert replay_market(market_id=market.pk).is_equal


def test_nobody_trades_with_one_whose_time_is_over(people: tuple[User, User, User]) -> None:
    alice, bob, carol = people
    market, end = live_market(), clock.now() + timedelta(minutes=5)
    placed = document(stop(alice, market, "buy", 6_000, limit=0.7, time_in_force=TimeInForce.GTD, valid_until=end))
    place(bob, market, "buy", 1, price=0.35, shares=4)
    with clock.replaying(end):
        trade_at(market, carol, bob, 0.6)
    assert Order.objects.get(pk=placed["id"]).status == "cancelled"
    assert not Trade.objects.filter(taker_id=alice.pk).exists()


def test_a_sell_holds_its_shares(people: tuple[User, User, User]) -> None:
    alice, bob, carol = people
    market = live_market()
    mint_sets(user_id=alice.pk, market_id=market.pk, quantity=10 * 10_000)
    stop(alice, market, "sell", 4_000)
    assert Position.objects.get(user=alice, outcome=0).held == 10 * 10_000
    refused = document(place(alice, market, "sell", price=0.9, shares=1))
    assert refused["code"] == "order.insufficient_shares"
    place(bob, market, price=0.25, shares=6)
    trade_at(market, carol, bob, 0.3)
    position = Position.objects.get(user=alice, outcome=0)
    # Six find a buyer, the rest of a market order is cancelled.
    assert (position.quantity, position.held) == (4 * 10_000, 0)
    assert broken() == []
    assert replay_market(market_id=market.pk).is_equal


def test_one_refused_holds_nothing(people: tuple[User, User, User]) -> None:
    alice, market = people[0], live_market()
    found = document(stop(alice, market, "buy", 6_000, shares=2_000))
    assert (found["code"], found["required"]) == ("order.insufficient_funds", "1999.8")
    assert not Order.objects.exists()
    assert wallet(alice).held == 0
