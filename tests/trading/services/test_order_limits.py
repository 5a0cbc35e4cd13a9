"""Limits of markets and traders, price bands and post-only periods, from what staff set to what orders get."""

from datetime import timedelta

import pytest

from accounts.models import AuditRecord
from common import clock
from markets.errors import ActionNotAllowed, MarketInvalid, WrongStatus
from markets.models import Market, MarketEvent
from markets.services.change_limits import MarketLimits, change_limits
from markets.services.halt_market import halt_market
from markets.services.void_market import void_market
from markets.types import Action
from tests.factories.accounts import make_dave
from tests.factories.trading import LIQUIDITY, document, funded_alice, funded_bob, live_market, order, place, run, spec
from tests.trading.tables import everything
from trading.errors import LimitsInvalid
from trading.models import TraderLimit
from trading.services.change_lifecycle import LifecycleStep, change_lifecycle
from trading.services.change_trader_limits import TraderLimits, change_trader_limits
from trading.services.preview_order import preview_order
from trading.services.replay_market import replay_market

pytestmark = pytest.mark.django_db


def test_a_markets_limits_count_from_then_on_and_are_kept_in_journal_and_audit():
    alice, dave, market = funded_alice(), make_dave(), live_market()
    place(alice, market, price=0.40, shares=50)
    seq = change_limits(
        market_id=market.pk, actor_id=dave.pk, limits=MarketLimits(max_order_lots=100_000, max_open_orders=2)
    )
    record = MarketEvent.objects.get(market=market, seq=seq)
    after = {"max_open_orders": 2, "max_order_lots": 100_000, "max_position_lots": None, "price_band": None}
    assert (record.kind, record.actor_id, record.data) == ("limits_changed", dave.pk, after)
    audit = AuditRecord.objects.get(action="markets.limits_changed")
    assert (audit.before, audit.after) == (dict.fromkeys(after), after)
    assert document(place(alice, market, price=0.40, shares=11))["code"] == "order.size_limit"
    assert document(place(alice, market, price=0.40, shares=10))["status"] == "open"
    refused = document(place(alice, market, price=0.40, shares=1))
    assert (refused["code"], refused["limit"], refused["allowed"]) == ("order.open_orders_limit", "max_open_orders", 2)
    assert replay_market(market_id=market.pk).is_equal


def test_a_preview_is_refused_by_the_same_limits():
    alice, dave, market = funded_alice(), make_dave(), live_market()
    change_limits(
        market_id=market.pk, actor_id=dave.pk, limits=MarketLimits(max_open_orders=1, max_position_lots=10**6)
    )
    place(alice, market, price=0.10, shares=60)
    for asked in (spec(market, price=0.20, shares=1), spec(market, price=0.20, shares=50)):
        command = order(alice, asked)
        assert preview_order(command).body == run(market, command)[0].body


def test_a_traders_own_limits_count_instead_of_the_markets():
    alice, bob, dave, market = funded_alice(), funded_bob(), make_dave(), live_market()
    change_limits(market_id=market.pk, actor_id=dave.pk, limits=MarketLimits(max_order_lots=100_000))
    change_trader_limits(user_id=alice.pk, actor_id=dave.pk, limits=TraderLimits(max_order_lots=200_000))
    assert document(place(alice, market, price=0.40, shares=20))["status"] == "open"
    assert document(place(alice, market, price=0.40, shares=21))["code"] == "order.size_limit"
    assert document(place(bob, market, price=0.40, shares=20))["code"] == "order.size_limit"
    audit = AuditRecord.objects.get(action="trading.limits_changed")
    assert (audit.object_id, audit.after["max_order_lots"]) == (str(alice.pk), 200_000)
    change_trader_limits(user_id=alice.pk, actor_id=dave.pk, limits=TraderLimits())
    assert not TraderLimit.objects.exists()
    assert document(place(alice, market, price=0.40, shares=20))["code"] == "order.size_limit"


def test_the_site_has_defaults(settings):
    alice, market = funded_alice(), live_market()
    settings.ORDERS_OPEN_MAX, settings.ORDER_SIZE_MAX, settings.POSITION_MAX = 1, 50, 60
    assert document(place(alice, market, price=0.10, shares=51))["code"] == "order.size_limit"
    place(alice, market, price=0.10, shares=40)
    assert document(place(alice, market, price=0.10, shares=1))["code"] == "order.open_orders_limit"
    settings.ORDERS_OPEN_MAX = 0
    assert document(place(alice, market, price=0.10, shares=21))["code"] == "order.position_limit"
    assert document(place(alice, market, price=0.10, shares=20))["status"] == "open"


def test_a_band_refuses_limit_orders_and_stops_market_orders():
    alice, dave, market = funded_alice(), make_dave(), live_market(liquidity_lots=LIQUIDITY)
    change_limits(market_id=market.pk, actor_id=dave.pk, limits=MarketLimits(price_band=500))
    before = everything(but=("trading_submission",))
    refused = document(place(alice, market, price=0.56))
    assert (refused["code"], refused["edge"], refused["status"]) == ("order.price_out_of_band", "0.5500", 409)
    assert everything(but=("trading_submission",)) == before
    found = document(place(alice, market, price=None, shares=900))
    assert (found["status"], found["price"]) == ("cancelled", "0.5500")
    assert 0 < float(found["filled"]) < 900
    assert replay_market(market_id=market.pk).is_equal


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        (MarketLimits(max_order_lots=0), "/max_order_size"),
        (MarketLimits(price_band=10_001), "/price_band"),
        (MarketLimits(max_position_lots=-1), "/max_position"),
        (MarketLimits(max_open_orders=10**8), "/max_open_orders"),
    ],
)
def test_limits_out_of_range_are_refused(limits, field):
    dave, market = make_dave(), live_market()
    before = everything()
    with pytest.raises(MarketInvalid) as refused:
        change_limits(market_id=market.pk, actor_id=dave.pk, limits=limits)
    assert refused.value.errors[0].pointer == field
    assert everything() == before


def test_only_operators_set_limits_and_only_where_orders_come():
    alice, dave, market = funded_alice(), make_dave(), live_market()
    with pytest.raises(ActionNotAllowed):
        change_limits(market_id=market.pk, actor_id=alice.pk, limits=MarketLimits())
    with pytest.raises(ActionNotAllowed):
        change_trader_limits(user_id=alice.pk, actor_id=alice.pk, limits=TraderLimits())
    with pytest.raises(LimitsInvalid):
        change_trader_limits(user_id=alice.pk, actor_id=dave.pk, limits=TraderLimits(max_order_lots=0))
    void_market(market_id=market.pk, actor_id=None, reason="Nobody can know.")
    with pytest.raises(WrongStatus):
        change_limits(market_id=market.pk, actor_id=dave.pk, limits=MarketLimits())
    assert not AuditRecord.objects.exists()


def halted_and_resumed(market, actor, post_only_s):
    halt_market(market_id=market.pk, actor_id=actor.pk, reason="The source is down.")
    step = LifecycleStep(market_id=market.pk, actor_id=actor.pk, action=Action.RESUME, post_only_s=post_only_s)
    change_lifecycle(step)


def test_after_a_halt_orders_only_rest_for_a_while():
    alice, bob, dave, market = funded_alice(), funded_bob(), make_dave(), live_market()
    place(bob, market, outcome=1, price=0.5)
    halted_and_resumed(market, dave, 120)
    until = Market.objects.get(pk=market.pk).post_only_until
    record = MarketEvent.objects.get(market=market, kind="resumed")
    assert record.data == {"post_only_until": clock.rfc3339(until)}
    for fields in ({"price": 0.5}, {"price": None, "shares": 1}):
        assert document(place(alice, market, **fields))["code"] == "order.post_only_period"
    assert document(place(alice, market, price=0.49))["status"] == "open"
    with clock.replaying(until - timedelta(milliseconds=1)):
        assert document(place(alice, market, price=0.5))["code"] == "order.post_only_period"
    with clock.replaying(until):
        assert document(place(alice, market, price=0.5))["status"] == "filled"
    assert replay_market(market_id=market.pk).is_equal


def test_the_period_has_a_default_and_may_be_none(settings):
    dave, market = make_dave(), live_market()
    halted_and_resumed(market, dave, 0)
    assert Market.objects.get(pk=market.pk).post_only_until is None
    halted_and_resumed(market, dave, None)
    until = Market.objects.get(pk=market.pk).post_only_until
    assert timedelta(seconds=settings.POST_ONLY_AFTER_HALT_S - 5) < until - clock.now()
    assert settings.POST_ONLY_AFTER_HALT_S == 60
