from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from common import clock
from markets.models import JournalFile, MarketEvent
from markets.services.archive_journal import archive_journal
from tests.factories.trading import LIQUIDITY, funded_alice, funded_bob, live_market, place
from trading.selectors.invariants import INVARIANTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    market = live_market(liquidity_lots=LIQUIDITY)
    place(funded_alice(), market, price=0.6, shares=10)
    place(funded_alice(), market, price=0.4, shares=10)
    place(funded_bob(), market, "buy", 1, price=0.45, shares=4)
    place(funded_alice(), market, "sell", price=0.9, shares=1)
    return market


def check(*arguments):
    out, err = StringIO(), StringIO()
    try:
        call_command("check_invariants", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return str(error), out.getvalue() + err.getvalue()
    return "", out.getvalue()


def tamper(statement):
    """As somebody could who owns the tables and takes the triggers away."""
    with connection.cursor() as cursor:
        # What was written until now is checked before it is spoiled.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_all_is_well(market):
    error, text = check()
    assert error == ""
    assert "13 invariants hold." in text
    for code in {invariant.code for invariant in INVARIANTS} | {"I7"}:
        assert f"{code:>4}  " in text
    assert "BROKEN" not in text


@pytest.mark.django_db(transaction=True)
def test_all_is_well_with_records_in_the_archive(market, settings, tmp_path):
    settings.JOURNAL_ARCHIVE_DIR = tmp_path
    with clock.replaying(clock.now() + timedelta(days=100)):
        assert archive_journal().records == 6
    assert not MarketEvent.objects.exists()
    error, text = check()
    assert (error, "BROKEN" in text) == ("", False)
    JournalFile.objects.update(first_seq=2)
    assert (
        "records of a market are numbered without gaps up to its head: BROKEN" in check("--market", str(market.pk))[1]
    )


def test_one_market_can_be_checked_alone(market):
    error, text = check("--market", str(market.pk))
    assert error == ""
    assert f"market {market.pk} replays from its journal (6 records): ok" in text


TAMPERED = {
    "I1": "UPDATE trading_ledgerentry SET amount = amount + 1 WHERE id = (SELECT max(id) FROM trading_ledgerentry)",
    "I2": "UPDATE trading_account SET cash = cash + 1 WHERE kind = 'wallet'",
    "I3": "UPDATE trading_account SET held = held + 1 WHERE kind = 'wallet'",
    "I4": "UPDATE trading_order SET seq = seq + 100",
    "I5": "UPDATE trading_submission SET answer = '{\"id\": 0}'",
    "I6": "DELETE FROM markets_marketevent WHERE seq = 2",
    "I7": "UPDATE trading_trade SET probability = probability + 1",
    "I8": "UPDATE trading_order SET price = 9500 WHERE price = 4000",
    "I9": "UPDATE trading_order SET filled = filled - 1 WHERE filled > 0",
    "I10": "UPDATE trading_position SET quantity = quantity + 1 WHERE user_id IS NOT NULL",
    "I11": "UPDATE trading_trade SET maker_id = taker_id",
    "I12": "UPDATE markets_market SET closes_at = now() - interval '1 hour'",
    "I13": "UPDATE trading_marketbook SET settled_at = now()",
}


@pytest.mark.parametrize("code", TAMPERED)
def test_tampering_is_found(market, code):
    tamper(TAMPERED[code])
    error, text = check()
    assert code in error.removeprefix("Broken: ").removesuffix(".").split(", ")
    assert f"{code:>4}  " in text
    assert "BROKEN" in text


def test_every_invariant_has_its_tampering(market):
    assert set(TAMPERED) == {invariant.code for invariant in INVARIANTS} | {"I7"}
