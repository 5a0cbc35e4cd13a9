from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from common.money import CASH_SCALE
from markets.models import Market
from tests.factories.trading import funded_alice, funded_bob, live_market, place, resolve
from trading.models import Account, Order
from trading.selectors import exchange_pulse
from trading.services.settle_market import settle_market

pytestmark = pytest.mark.django_db


def test_an_exchange_where_nothing_happened() -> None:
    assert exchange_pulse.open_market_count() == 0
    assert exchange_pulse.resting_credits() == 0
    assert exchange_pulse.active_trader_count() == 0
    assert exchange_pulse.settlement_lag_s() == 0
    assert exchange_pulse.ledger_holds()


def test_what_rests_is_worth_its_own_prices() -> None:
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    place(alice, market, price=0.60, shares=10)
    place(bob, market, outcome=1, price=0.30, shares=5)
    place(bob, market, outcome=1, price=0.40, shares=4)
    assert exchange_pulse.resting_credits() == pytest.approx(6 * 0.60 + 5 * 0.30)
    assert exchange_pulse.open_market_count() == 1


def test_who_ordered_lately_is_active() -> None:
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    place(alice, market, shares=1)
    place(alice, market, shares=1)
    place(bob, market, shares=1)
    assert exchange_pulse.active_trader_count() == 2
    Order.objects.filter(user_id=bob.pk).update(created_at=clock.now() - timedelta(seconds=exchange_pulse.ACTIVE_S + 5))
    assert exchange_pulse.active_trader_count() == 1


def test_a_decided_market_waits_until_it_is_paid_out() -> None:
    alice, market = funded_alice(), live_market(challenge_window_s=0)
    place(alice, market)
    resolve(market, (10_000, 0))
    Market.objects.filter(pk=market.pk).update(resolved_at=clock.now() - timedelta(seconds=90))
    assert 90 <= exchange_pulse.settlement_lag_s() < 100
    settle_market(market_id=market.pk)
    assert exchange_pulse.settlement_lag_s() == 0


def test_a_balance_that_no_entry_explains_is_found() -> None:
    alice, market = funded_alice(), live_market()
    place(alice, market)
    assert exchange_pulse.ledger_holds()
    Account.objects.filter(user_id=alice.pk).update(cash=5 * CASH_SCALE)
    assert not exchange_pulse.ledger_holds()


@pytest.mark.parametrize(
    "statement",
    ["_UNSETTLED", "_OPEN", "_DEPTH"],
)
def test_the_plan_reads_no_whole_table(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {getattr(exchange_pulse, statement)}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan on" not in plan


def test_each_question_is_one_statement() -> None:
    asks = (
        exchange_pulse.open_market_count,
        exchange_pulse.resting_credits,
        exchange_pulse.active_trader_count,
        exchange_pulse.settlement_lag_s,
        exchange_pulse.ledger_holds,
    )
    for ask in asks:
        with CaptureQueriesContext(connection) as queries:
            ask()
        assert len(queries) == 1
