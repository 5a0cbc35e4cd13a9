"""Order groups: what fills is counted over a rolling window and over markets; the fuse cancels and refuses."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from common import clock
from common.money import CASH_SCALE
from markets.models import Market, MarketEvent
from tests.factories.trading import (
    document,
    funded_alice,
    funded_bob,
    live_categorical_market,
    live_market,
    order,
    place,
    run,
    spec,
    wallet,
)
from trading.errors import GroupNotFound, GroupsTooMany
from trading.models import GroupFill, Order, OrderGroup
from trading.selectors.order_groups import access_group, order_groups
from trading.services._market_cache import cached_market
from trading.services.answer import Answer
from trading.services.order_groups import create_group, delete_group, reset_group, trip_group
from trading.services.preview_order import preview_order
from trading.services.replay_market import replay_market
from trading.tasks import cancel_tripped_groups
from trading.types import OrderType, Ties, TimeInForce

pytestmark = pytest.mark.django_db
SHARE = 10_000


def quote(user: User, market: Market, group: int, price: float, shares: float, **fields: Any) -> Answer:
    return place(user, market, price=price, shares=shares, ties=Ties(group_id=group), **fields)


def sell_to(user: User, market: Market, price: float, shares: float) -> Answer:
    """Buys "no" at the other side of ``price``."""
    return place(user, market, "buy", 1, price=round(1 - price, 4), shares=shares)


@pytest.fixture
def alice() -> User:
    return funded_alice()


@pytest.fixture
def bob() -> User:
    return funded_bob()


def statuses(group: int) -> list[str]:
    return list(Order.objects.filter(group_id=group).order_by("id").values_list("status", flat=True))


@pytest.mark.parametrize("is_cached", [True, False])
def test_the_fill_that_reaches_the_limit_cancels_the_rest_at_once(alice: User, bob: User, is_cached: bool) -> None:
    market, group = live_market(), create_group(user_id=alice.pk, limit_lots=10 * SHARE, window_s=60)
    for price in (0.5, 0.4, 0.3):
        quote(alice, market, group, price, 6)
    if not is_cached:
        cached_market(market.pk).forget()
    sell_to(bob, market, 0.5, 6)
    assert statuses(group) == ["filled", "open", "open"]
    found = document(sell_to(bob, market, 0.4, 4))
    assert (found["status"], found["filled"]) == ("filled", "4")
    assert statuses(group) == ["filled", "cancelled", "cancelled"]
    assert wallet(alice).held == 0
    view = access_group(alice.pk, group)
    assert view is not None
    assert (view.filled, view.left, view.open_orders, view.tripped_at is None) == (10 * SHARE, 0, 0, False)
    kinds = list(MarketEvent.objects.filter(market=market, seq__gt=5).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["order_placed", "order_placed", "order_cancelled", "order_cancelled"]
    assert replay_market(market_id=market.pk).is_equal


def test_the_next_command_of_the_same_batch_finds_nothing_left(alice: User, bob: User) -> None:
    market, group = live_market(), create_group(user_id=alice.pk, limit_lots=5 * SHARE, window_s=60)
    quote(alice, market, group, 0.5, 20)
    sells = [order(bob, spec(market, "buy", 1, price=0.5, shares=4), f"s-{number}") for number in range(3)]
    answers = run(market, *sells, sells[0])
    assert [document(answer)["filled"] for answer in answers] == ["4", "4", "0", "4"]
    assert answers[3].is_replay
    # Three more than the limit: less than the four that the command that reached it took.
    row = Order.objects.get(group_id=group)
    assert (row.status, row.filled) == ("cancelled", 8 * SHARE)


def test_markets_share_the_fuse_and_nothing_fills_elsewhere_after_it(alice: User, bob: User) -> None:
    first, second = live_market(), live_categorical_market()
    group = create_group(user_id=alice.pk, limit_lots=5 * SHARE, window_s=60)
    quote(alice, first, group, 0.5, 10)
    quote(alice, second, group, 0.5, 10, outcome=1)
    sell_to(bob, first, 0.5, 5)
    assert statuses(group) == ["cancelled", "open"]
    found = document(place(bob, second, "buy", 2, price=0.1))
    assert found["status"] == "open"
    # Before bob's order was decided, alice's went.
    kinds = list(MarketEvent.objects.filter(market=second).order_by("seq").values_list("kind", flat=True)[2:])
    assert kinds == ["order_placed", "order_cancelled", "order_placed"]
    assert statuses(group) == ["cancelled", "cancelled"]


def test_the_sweep_cancels_where_nobody_trades(alice: User, bob: User) -> None:
    first, second = live_market(), live_market()
    group = create_group(user_id=alice.pk, limit_lots=5 * SHARE, window_s=60)
    quote(alice, first, group, 0.5, 10)
    quote(alice, second, group, 0.5, 10)
    place(alice, second, price=0.9, type=OrderType.STOP_LIMIT, ties=Ties(trigger_price=8_000, group_id=group), shares=1)
    sell_to(bob, first, 0.5, 5)
    assert cancel_tripped_groups() == 1
    assert cancel_tripped_groups() == 0
    assert set(statuses(group)) == {"cancelled"}
    assert wallet(alice).held == 0


@pytest.mark.parametrize("shares", [1.3337, 7.0001, 33.3333])
def test_the_maker_rules_sweep_trips_the_fuse_to_the_unit(alice: User, bob: User, shares: float) -> None:
    """Bids on other outcomes that the rule comes to cross fill in odd lots, each rounded for itself."""
    market = live_categorical_market(outcomes=("a", "b", "c"), liquidity_lots=1_000 * SHARE, taker_fee_bps=37)
    group, before = create_group(user_id=alice.pk, limit_lots=SHARE, window_s=60), wallet(alice).cash
    quote(alice, market, group, 0.3201, shares, outcome=1)
    quote(alice, market, group, 0.3277, shares, outcome=2)
    quote(alice, market, group, 0.05, 9.9999, outcome=2)
    place(bob, market, price=None, shares=200)
    rows = Order.objects.filter(group_id=group).order_by("id")
    assert statuses(group) == ["filled", "filled", "cancelled"]
    view = access_group(alice.pk, group)
    assert view is not None
    assert (view.left, view.open_orders) == (0, 0)
    assert view.filled == sum(row.filled for row in rows) == 2 * round(shares * SHARE)
    # Nothing is still held, and every unit of every party is where the journal says.
    assert (wallet(alice).held, wallet(bob).held) == (0, 0)
    assert before - wallet(alice).cash == sum(row.cost + row.fee for row in rows)
    assert replay_market(market_id=market.pk).is_equal


def test_a_tripped_group_takes_no_orders_until_it_is_reset(alice: User, bob: User) -> None:
    market, group = live_market(), create_group(user_id=alice.pk, limit_lots=5 * SHARE, window_s=60)
    quote(alice, market, group, 0.5, 5)
    sell_to(bob, market, 0.5, 5)
    before = Order.objects.count()
    refused = quote(alice, market, group, 0.5, 1)
    assert (refused.status, document(refused)["code"]) == (409, "order.group_tripped")
    asked = order(alice, spec(market, price=0.5, shares=1, ties=Ties(group_id=group)))
    assert document(preview_order(asked))["code"] == "order.group_tripped"
    assert Order.objects.count() == before
    reset_group(user_id=alice.pk, group_id=group)
    assert document(preview_order(asked))["order_group_id"] == group
    assert document(quote(alice, market, group, 0.5, 1))["status"] == "open"
    view = access_group(alice.pk, group)
    assert view is not None
    assert (view.filled, view.tripped_at) == (0, None)


def test_resetting_cancels_what_was_left_elsewhere_first(alice: User, bob: User) -> None:
    first, second = live_market(), live_market()
    group = create_group(user_id=alice.pk, limit_lots=5 * SHARE, window_s=60)
    quote(alice, first, group, 0.5, 5)
    quote(alice, second, group, 0.5, 5)
    sell_to(bob, first, 0.5, 5)
    reset_group(user_id=alice.pk, group_id=group)
    assert statuses(group) == ["filled", "cancelled"]


def test_the_window_rolls(alice: User, bob: User) -> None:
    market, group = live_market(), create_group(user_id=alice.pk, limit_lots=10 * SHARE, window_s=15)
    quote(alice, market, group, 0.5, 30)
    start = clock.now()
    for second, shares in ((0, 6), (14.9, 3), (15.1, 6), (16, 0.9)):
        with clock.replaying(start + timedelta(seconds=second)):
            sell_to(bob, market, 0.5, shares)
            # Six of the first second are over when the next six come: 3 + 6 + 0.9 stay below ten.
            assert statuses(group) == ["open"]
    assert GroupFill.objects.filter(group=group).count() == 3
    with clock.replaying(start + timedelta(seconds=17)):
        sell_to(bob, market, 0.5, 0.1)
    assert statuses(group) == ["cancelled"]


def test_takers_count_too(alice: User, bob: User) -> None:
    market, group = live_market(), create_group(user_id=alice.pk, limit_lots=5 * SHARE, window_s=60)
    place(bob, market, "buy", 1, price=0.5, shares=20)
    quote(alice, market, group, 0.3, 1)
    found = document(quote(alice, market, group, 0.5, 7, time_in_force=TimeInForce.IOC))
    assert found["filled"] == "7"
    assert statuses(group) == ["cancelled", "filled"]


def test_by_hand_and_deleting(alice: User, bob: User) -> None:
    market, group = live_market(), create_group(user_id=alice.pk, limit_lots=5 * SHARE, window_s=60)
    quote(alice, market, group, 0.5, 1)
    assert trip_group(user_id=alice.pk, group_id=group) == 1
    view = access_group(alice.pk, group)
    assert view is not None
    assert (view.is_by_hand, view.tripped_at is None) == (True, False)
    reset_group(user_id=alice.pk, group_id=group)
    quote(alice, market, group, 0.5, 1)
    assert delete_group(user_id=alice.pk, group_id=group) == 1
    assert order_groups(alice.pk) == []
    assert document(quote(alice, market, group, 0.5, 1))["code"] == "order.group_not_found"


def test_a_group_that_is_gone_lets_nothing_pass(alice: User, bob: User) -> None:
    market, group = live_market(), create_group(user_id=alice.pk, limit_lots=5 * SHARE, window_s=60)
    quote(alice, market, group, 0.5, 5)
    OrderGroup.objects.filter(pk=group).delete()
    assert document(sell_to(bob, market, 0.5, 1))["status"] == "open"
    assert statuses(group) == ["cancelled"]


def test_anothers_group_doesnt_exist(alice: User, bob: User) -> None:
    market, group = live_market(), create_group(user_id=alice.pk, limit_lots=5 * SHARE, window_s=60)
    assert document(quote(bob, market, group, 0.5, 1))["code"] == "order.group_not_found"
    for act in (trip_group, reset_group, delete_group):
        with pytest.raises(GroupNotFound):
            act(user_id=bob.pk, group_id=group)
    assert access_group(bob.pk, group) is None
    assert OrderGroup.objects.get().tripped_at is None


def test_there_is_an_end_to_groups(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trading.services.order_groups.GROUPS_MAX", 2)
    for _ in range(2):
        create_group(user_id=alice.pk, limit_lots=1, window_s=1)
    with pytest.raises(GroupsTooMany):
        create_group(user_id=alice.pk, limit_lots=1, window_s=1)
    assert OrderGroup.objects.count() == 2


def test_money_is_where_it_was(alice: User, bob: User) -> None:
    market, group = live_market(), create_group(user_id=alice.pk, limit_lots=5 * SHARE, window_s=60)
    quote(alice, market, group, 0.5, 10)
    sell_to(bob, market, 0.5, 10)
    assert wallet(alice).cash == 995 * CASH_SCALE
    assert wallet(alice).held == 0
