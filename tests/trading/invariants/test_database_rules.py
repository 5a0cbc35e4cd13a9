"""What PostgreSQL refuses to anybody who writes SQL by hand."""

import pytest
from django.db import IntegrityError, connection, transaction

from common import clock
from tests.factories.trading import LIQUIDITY, funded_alice, funded_bob, live_market, place, wallet
from tests.trading.tables import everything
from trading.models import Account, LedgerEntry, LedgerTransfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    market = live_market(liquidity_lots=LIQUIDITY)
    place(funded_alice(), market, price=0.6, shares=10)
    place(funded_bob(), market, "buy", 1, price=0.45, shares=4)
    return market


def attempt(statement: str, parameters: tuple[object, ...]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(statement: str, *parameters: object) -> str:
    before = everything()
    with pytest.raises(IntegrityError) as caught:
        attempt(statement, parameters)
    assert everything() == before
    return str(caught.value)


APPEND_ONLY = {
    "trading_ledgertransfer": "memo = 'x'",
    "trading_ledgerentry": "amount = amount + 1",
    "trading_trade": "price = 1",
    "trading_submission": "answer = '{}'",
    "markets_marketevent": "at = now()",
}


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_history_cannot_be_changed(market, table):
    assert "the table only grows" in refused(f"UPDATE {table} SET {APPEND_ONLY[table]}")


@pytest.mark.parametrize("table", [*APPEND_ONLY, "trading_account"])
def test_history_cannot_be_deleted(market, table):
    assert "the table only grows" in refused(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("held = -1", "trading_account_held"),
        ("held = cash + 1", "trading_account_cash"),
        ("cash = -1, held = 0", "trading_account_cash"),
    ],
)
def test_a_wallet_never_has_less_than_it_holds(market, change, constraint):
    assert constraint in refused(f"UPDATE trading_account SET {change} WHERE kind = 'wallet'")


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("user_id = NULL", "wallet"),
        ("market_id = (SELECT min(id) FROM markets_market)", "wallet"),
        ("market_id = NULL", "maker"),
        ("kind = 'issuance'", "collateral"),
        ("user_id = (SELECT min(id) FROM accounts_user)", "issuance"),
        ("kind = 'other'", "wallet"),
    ],
)
def test_an_account_keeps_the_owner_of_its_kind(market, change, kind):
    assert "account of the kind" in refused(f"UPDATE trading_account SET {change} WHERE kind = '{kind}'")


def test_an_account_is_made_for_the_owner_of_its_kind(market):
    insert = "INSERT INTO trading_account (kind, market_id, cash, held, created_at) VALUES ('wallet', %s, 0, 0, now())"
    assert "account of the kind wallet" in refused(insert, market.pk)


def test_a_user_has_one_wallet(market):
    statement = "INSERT INTO trading_account (kind, user_id, cash, held, created_at) VALUES ('wallet', %s, 0, 0, now())"
    assert "duplicate key" in refused(statement, funded_alice().pk)


def test_a_position_never_holds_more_than_it_has(market):
    assert "trading_position_held" in refused("UPDATE trading_position SET held = quantity + 1")


def test_a_done_order_holds_nothing(market):
    assert "trading_order_done_free" in refused("UPDATE trading_order SET status = 'cancelled' WHERE hold_cash > 0")


def transfer():
    return LedgerTransfer.objects.create(kind="grant", created_at=clock.now())


def entry(to, user, amount):
    LedgerEntry.objects.create(transfer=to, account=wallet(user), amount=amount, balance=0)


def check_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("amounts", [(), (5,), (5, -4)])
def test_an_unbalanced_transfer_is_refused_at_commit(market, amounts):
    new = transfer()
    for user, amount in zip((funded_alice(), funded_bob()), amounts, strict=False):
        entry(new, user, amount)
    with pytest.raises(IntegrityError, match="entries that sum to"):
        check_now()
    transaction.set_rollback(True)


def test_a_balanced_transfer_may_be_written_line_by_line(market):
    new = transfer()
    entry(new, funded_alice(), 5)
    entry(new, funded_bob(), -5)
    check_now()


def test_an_entry_cannot_be_added_to_an_old_transfer(market):
    old = LedgerTransfer.objects.order_by("id").first()
    LedgerEntry.objects.create(
        transfer=old, account=Account.objects.get(market=market, kind="fees"), amount=1, balance=1
    )
    with pytest.raises(IntegrityError, match="entries that sum to"):
        check_now()
    transaction.set_rollback(True)


def test_an_entry_needs_its_transfer_and_account(market):
    values = "(transfer_id, account_id, amount, balance) VALUES (%s, %s, 1, 1)"
    assert "first" in refused(f"INSERT INTO trading_ledgerentry {values}", 2**40, wallet(funded_alice()).pk)
    assert "first" in refused(f"INSERT INTO trading_ledgerentry {values}", LedgerTransfer.objects.first().pk, 2**40)


def test_a_record_number_is_used_once(market):
    statement = "INSERT INTO markets_marketevent (market_id, seq, kind, at, data) VALUES (%s, 3, 'halted', now(), '{}')"
    assert "markets_marketevent_seq" in refused(statement, market.pk)


def test_a_key_is_stored_once(market):
    statement = """INSERT INTO trading_submission (user_id, client_order_id, request_digest, status, answer, created_at)
        SELECT user_id, client_order_id, request_digest, status, answer, created_at FROM trading_submission"""
    assert "duplicate key" in refused(statement)
