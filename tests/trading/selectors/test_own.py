"""What a trader sees of their own: orders, fills, positions, account and statement."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from common.money import PAYOUT_PER_LOT
from tests.factories.rows import NOW, row_market, row_order, row_trade, row_user
from trading.models import Account, LedgerEntry, LedgerTransfer, Position, Submission
from trading.selectors.accounts import AccountView, account_view, ledger_lines
from trading.selectors.fills import fills, fills_of_order
from trading.selectors.orders import access_order, orders
from trading.selectors.positions import positions
from trading.selectors.trades import trades

pytestmark = pytest.mark.django_db


def test_orders_are_own_newest_first_and_filtered(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    market, other, alice, bob = row_market(slug="rain"), row_market(), row_user("alice"), row_user("bob")
    first, second = row_order(market, alice), row_order(market, alice, status="filled", filled=100_000)
    third = row_order(other, alice, outcome=1)
    row_order(market, bob)
    with django_assert_num_queries(1):
        page = orders(alice.id)
    assert [o.id for o in page.items] == [third.id, second.id, first.id]
    assert [o.id for o in orders(alice.id, market_id=market.id).items] == [second.id, first.id]
    assert [o.id for o in orders(alice.id, status="open").items] == [third.id, first.id]
    assert [o.id for o in orders(alice.id, client_order_id=second.client_order_id).items] == [second.id]
    assert (page.items[0].outcome_slug, page.items[1].remaining, page.items[2].market_slug) == ("no", 0, "rain")
    cursor = orders(alice.id, limit=2).next_cursor
    assert [o.id for o in orders(alice.id, limit=2, cursor=cursor).items] == [first.id]


def _rows_read(plan: dict[str, Any]) -> int:
    """What the scans below ``plan`` looked at."""
    own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return (own if "Scan" in plan["Node Type"] else 0) + sum(map(_rows_read, plan.get("Plans", ())))


def test_a_client_order_id_is_looked_up_however_many_orders_there_are() -> None:
    market, alice, bob = row_market(), row_user("alice"), row_user("bob")
    first, *_ = [row_order(market, alice) for _ in range(300)]
    other = row_order(market, bob)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE trading_order, trading_submission")
    with CaptureQueriesContext(connection) as asked:
        assert [o.id for o in orders(alice.id, client_order_id=first.client_order_id).items] == [first.id]
    assert orders(alice.id, client_order_id=other.client_order_id).items == ()
    with connection.cursor() as cursor:
        # Even 300 rows are few enough to be read all.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + asked[0]["sql"])
        plan = cursor.fetchone()[0][0]
    assert _rows_read(plan["Plan"]) < 10


def test_a_refused_submission_finds_no_order() -> None:
    alice = row_user("alice")
    row_order(row_market(), alice)
    refused = {"request_digest": b"", "status": 422, "answer": '{"code": "order.would_trade"}', "created_at": NOW}
    Submission.objects.create(user=alice, client_order_id="too-dear", **refused)
    assert orders(alice.id, client_order_id="too-dear").items == ()


def test_another_traders_order_does_not_exist() -> None:
    alice, bob = row_user("alice"), row_user("bob")
    order = row_order(row_market(), alice)
    assert access_order(bob.id, order.id) is None
    found = access_order(alice.id, order.id)
    assert found is not None
    assert found.price == 6_200


def test_fills_speak_the_view_of_the_own_order(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    market, alice, bob = row_market(), row_user("alice"), row_user("bob")
    buy, sell = row_order(market, alice), row_order(market, bob, outcome=1)
    row_trade(market, buy, sell, taker_fee=7, maker_fee=2)
    with django_assert_num_queries(1):
        taken = fills(alice.id).items[0]
    made = fills(bob.id).items[0]
    assert (taken.order_id, taken.is_maker, taken.price, taken.cost, taken.fee) == (
        buy.id,
        False,
        6_200,
        620_000_000,
        7,
    )
    assert (made.order_id, made.is_maker, made.price, made.cost, made.fee) == (sell.id, True, 3_800, 380_000_000, 2)
    assert fills_of_order(bob.id, sell.id) == [made]
    assert fills_of_order(alice.id, sell.id) == []
    assert fills(alice.id, market_id=market.id + 1).items == ()


def test_the_tape_names_both_sides() -> None:
    market, alice = row_market(), row_user("alice", is_simulated=True)
    trade = row_trade(market, row_order(market, alice))
    view = trades(market.id).items[0]
    assert (view.id, view.taker, view.is_taker_simulated, view.maker, view.kind) == (
        trade.id,
        "alice",
        True,
        "",
        "rule",
    )


def test_positions_at_current_prices(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    market, alice = row_market(prices=[620_000, 380_000]), row_user("alice")
    Position.objects.create(market=market, user=alice, outcome=0, quantity=30_000, cost=150_000_001, updated_at=NOW)
    Position.objects.create(market=market, user=alice, outcome=1, quantity=0, cost=5, updated_at=NOW)
    with django_assert_num_queries(1):
        (position,) = positions(alice.id)
    assert (position.value, position.average_price) == (30_000 * 6_200, 5_000)
    assert (position.payout, position.profit) == (30_000 * PAYOUT_PER_LOT, 30_000 * 6_200 - 150_000_001)


def test_a_resolved_market_values_positions_at_the_payout() -> None:
    market, alice = row_market(payouts=[3_000, 7_000], status="resolved"), row_user("alice")
    Position.objects.create(market=market, user=alice, outcome=1, quantity=10, cost=0, updated_at=NOW)
    assert positions(alice.id)[0].value == 10 * 7_000


def test_account_and_statement() -> None:
    alice = row_user("alice")
    assert account_view(alice.id) == AccountView(alice.id, "alice", 0, 0)
    assert account_view(alice.id + 1) is None
    account = Account.objects.create(kind="wallet", user=alice, cash=900, held=100)
    issuance = Account.objects.get_or_create(kind="issuance")[0]
    market = row_market(slug="rain")
    for kind, amount, balance in (("grant", 1_000, 1_000), ("trade", -100, 900)):
        transfer = LedgerTransfer.objects.create(
            kind=kind, created_at=NOW, memo="hello", market=market if kind == "trade" else None
        )
        for owner, change in ((account, amount), (issuance, -amount)):
            LedgerEntry.objects.create(transfer=transfer, account=owner, amount=change, balance=balance)
    assert account_view(alice.id) == AccountView(alice.id, "alice", 900, 100)
    page = ledger_lines(alice.id, limit=1)
    assert [(line.kind, line.amount, line.balance, line.market_slug) for line in page.items] == [
        ("trade", -100, 900, "rain")
    ]
    (first,) = ledger_lines(alice.id, limit=1, cursor=page.next_cursor).items
    assert (first.kind, first.amount, first.market_id, first.memo) == ("grant", 1_000, None, "hello")
