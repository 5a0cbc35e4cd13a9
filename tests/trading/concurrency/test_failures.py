"""Nothing is half done: a failure at any statement leaves the tables and the caches as they were."""

import psycopg
import pytest
from django.db import OperationalError, connection

from tests.factories.trading import (
    LIQUIDITY,
    document,
    funded_alice,
    funded_bob,
    live_market,
    order,
    place,
    resolve,
    run,
    spec,
)
from tests.trading.tables import everything
from trading.errors import TradingBusy
from trading.services import _payout, _results, _writes, execute_commands, settle_market
from trading.services._market_cache import cached_market
from trading.services.preview_order import preview_order
from trading.services.submit import submit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


class Failure(Exception):
    pass


def failing(*args, **fields):
    raise Failure


STEPS = [
    "insert_submissions",
    "insert_orders",
    "update_orders",
    "insert_trades",
    "insert_transfers",
    "upsert_positions",
    "upsert_candles",
    "update_balances_and_book",
]


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_between_statements_undoes_everything(monkeypatch, step):
    alice, bob, market = funded_alice(), funded_bob(), live_market(liquidity_lots=LIQUIDITY)
    place(alice, market, price=0.45, shares=10)
    before = everything()
    batch = [order(bob, spec(market, "buy", 1, price=0.6, shares=20)), order(alice, spec(market, price=0.3))]
    with monkeypatch.context() as patch:
        patch.setattr(_writes, step, failing)
        with pytest.raises(Failure):
            run(market, *batch)
    assert everything() == before
    assert cached_market(market.pk).state is None
    assert [answer.status for answer in run(market, *batch)] == [201, 201]


def test_a_statement_that_postgresql_refuses_undoes_everything(monkeypatch):
    alice, market = funded_alice(), live_market()
    before = everything()
    with monkeypatch.context() as patch:
        broken = _writes._UPDATE_BALANCES_AND_BOOK.replace("trades + %s", "trades / (%s::bigint * 0)")
        patch.setattr(_writes, "_UPDATE_BALANCES_AND_BOOK", broken)
        with pytest.raises(Exception, match="division by zero"):
            run(market, order(alice, spec(market)))
    assert everything() == before


@pytest.mark.parametrize("sqlstate", ["40001", "40P01"])
def test_a_lost_race_is_run_again(monkeypatch, sqlstate):
    alice, market = funded_alice(), live_market()
    real, calls = execute_commands._attempt, []

    def losing(*args, **fields):
        calls.append(args)
        if len(calls) < 3:
            cause = Exception()
            cause.sqlstate = sqlstate
            raise OperationalError("lost") from cause
        return real(*args, **fields)

    monkeypatch.setattr(execute_commands, "_attempt", losing)
    assert run(market, order(alice, spec(market)))[0].status == 201
    assert len(calls) == 3


def test_other_errors_are_not_run_again(monkeypatch):
    alice, market = funded_alice(), live_market()
    calls = []

    def broken(*args, **fields):
        calls.append(args)
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(execute_commands, "_attempt", broken)
    with pytest.raises(OperationalError):
        run(market, order(alice, spec(market)))
    assert len(calls) == 1


def test_a_failing_database_is_told_as_busy(monkeypatch):
    alice, market = funded_alice(), live_market()

    def broken(*args, **fields):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(execute_commands, "_attempt", broken)
    with pytest.raises(TradingBusy) as caught:
        submit(order(alice, spec(market)))
    assert (caught.value.status, caught.value.extra) == (503, {"retry_after": 1})


def test_a_settlement_that_fails_has_paid_nobody(monkeypatch):
    alice, bob, market = funded_alice(), funded_bob(), live_market(challenge_window_s=0)
    place(alice, market, price=0.6, shares=10)
    place(bob, market, "buy", 1, price=0.4, shares=10)
    resolve(market, (10_000, 0))
    before = everything()
    if before["trading_marketbook"][0][0].endswith(",)"):
        with monkeypatch.context() as patch:
            patch.setattr(_payout, "_empty_positions", failing)
            with pytest.raises(Failure):
                settle_market.settle_market(market_id=market.pk)
        assert everything() == before
    settle_market.settle_market(market_id=market.pk)


def test_the_answers_are_those_of_the_retried_batch(monkeypatch):
    alice, market = funded_alice(), live_market()
    command = order(alice, spec(market), "c-1")
    with monkeypatch.context() as patch:
        patch.setattr(_results.journal, "append", failing)
        with pytest.raises(Failure):
            run(market, command)
    answer = run(market, command)[0]
    assert (answer.is_replay, document(answer)["seq"]) == (False, 3)


def test_a_lost_connection_is_replaced():
    alice, market = funded_alice(), live_market()
    command = order(alice, spec(market), "c-1")
    for ask, status in ((submit, 201), (preview_order, 200)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
            other.execute("SELECT pg_terminate_backend(%s, 2000)", [pid])
        with pytest.raises((TradingBusy, OperationalError)):
            ask(command)
        assert ask(command).status == status
