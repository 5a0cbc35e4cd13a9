from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from markets.models import Market
from markets.services.close_market import close_market
from markets.services.propose_resolution import propose_resolution
from markets.services.void_market import void_market
from tests.factories.trading import funded_alice, live_market, place, resolve, wallet
from trading import tasks
from trading.models import MarketBook, Order
from trading.selectors.unfinished import ended_markets_with_open_orders, unsettled_markets

pytestmark = pytest.mark.django_db


def status_of(market):
    return Market.objects.values_list("status", flat=True).get(pk=market.pk)


def test_a_market_past_its_time_is_closed():
    due, other = live_market(), live_market()
    Market.objects.filter(pk=due.pk).update(closes_at=clock.now() - timedelta(seconds=1))
    assert tasks.close_due_markets() == 1
    assert (status_of(due), status_of(other)) == ("closed", "open")
    assert tasks.close_due_markets() == 0


def test_orders_left_on_a_closed_market_are_cancelled():
    alice, market = funded_alice(), live_market()
    place(alice, market, price=0.4, shares=10)
    assert ended_markets_with_open_orders() == []
    close_market(market_id=market.pk, actor_id=None)
    assert ended_markets_with_open_orders() == [market.pk]
    assert tasks.cancel_left_orders() == 1
    assert Order.objects.get().status == "cancelled"
    assert wallet(alice).held == 0
    assert tasks.cancel_left_orders() == 0


def test_orders_of_other_markets_are_not_looked_at():
    alice, live, ended = funded_alice(), live_market(), live_market()
    for _ in range(50):
        place(alice, live, price=0.1, shares=1)
    place(alice, ended, price=0.4, shares=10)
    close_market(market_id=ended.pk, actor_id=None)
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as asked:
        assert ended_markets_with_open_orders() == [ended.pk]
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + asked[0]["sql"])
        plan = cursor.fetchone()[0][0]["Plan"]
    assert _orders_read(plan) == 1


def _orders_read(plan):
    own = plan["Actual Rows"] * plan["Actual Loops"] if plan.get("Relation Name") == "trading_order" else 0
    return own + plan.get("Rows Removed by Filter", 0) * bool(own) + sum(map(_orders_read, plan.get("Plans", ())))


def test_closing_nudges_the_cancel(django_capture_on_commit_callbacks):
    alice, market = funded_alice(), live_market()
    place(alice, market, price=0.4, shares=10)
    with django_capture_on_commit_callbacks(execute=True):
        close_market(market_id=market.pk, actor_id=None)
    assert Order.objects.get().status == "cancelled"


def test_a_proposal_nobody_disputed_is_confirmed_and_settled():
    market = live_market(challenge_window_s=3_600)
    close_market(market_id=market.pk, actor_id=None)
    propose_resolution(market_id=market.pk, actor_id=None, payouts=(10_000, 0), reason="The source says so.")
    assert tasks.confirm_due_resolutions() == 0
    Market.objects.filter(pk=market.pk).update(challenge_ends_at=clock.now() - timedelta(seconds=1))
    assert tasks.confirm_due_resolutions() == 1
    assert status_of(market) == "resolved"
    assert unsettled_markets() == [market.pk]
    assert tasks.settle_unsettled() == 1
    assert unsettled_markets() == []
    assert MarketBook.objects.get(market=market).settled_at is not None


def test_resolving_and_voiding_nudge_the_settlement(django_capture_on_commit_callbacks):
    alice, first, second = funded_alice(), live_market(challenge_window_s=0), live_market()
    place(alice, first, price=0.4, shares=10)
    with django_capture_on_commit_callbacks(execute=True):
        resolve(first, (10_000, 0))
        void_market(market_id=second.pk, actor_id=None, reason="Asked twice.")
    assert not MarketBook.objects.filter(settled_at=None).exists()


def test_one_market_that_refuses_does_not_stop_the_sweep(monkeypatch, caplog):
    first, second = live_market(challenge_window_s=0), live_market(challenge_window_s=0)
    resolve(first, (10_000, 0))
    resolve(second, (10_000, 0))
    Market.objects.filter(pk=first.pk).update(status="open")
    monkeypatch.setattr(tasks, "unsettled_markets", lambda: [first.pk, second.pk])
    assert tasks.settle_unsettled() == 1
    assert f"market {first.pk} waits for the next sweep" in caplog.text
    assert MarketBook.objects.get(market=second).settled_at is not None


def test_a_mistake_on_one_market_is_told_after_the_others_had_their_turn(monkeypatch, caplog):
    broken, second = live_market(), live_market()
    Market.objects.update(closes_at=clock.now() - timedelta(seconds=1))

    def close(*, market_id, actor_id):
        if market_id == broken.pk:
            raise ValueError("nobody expected this")
        return close_market(market_id=market_id, actor_id=actor_id)

    monkeypatch.setattr(tasks, "close_market", close)
    with pytest.raises(ExceptionGroup, match="failed on 1 of 2 markets") as told:
        tasks.close_due_markets()
    assert [str(error) for error in told.value.exceptions] == ["nobody expected this"]
    assert (status_of(broken), status_of(second)) == ("open", "closed")
    (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert line.getMessage() == f"the sweep failed on market {broken.pk}"
    assert line.exc_info is not None
