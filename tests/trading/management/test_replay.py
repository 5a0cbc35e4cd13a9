from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories.trading import funded_alice, funded_bob, live_market, place, resolve
from tests.trading.management.test_check_invariants import tamper
from trading.services.settle_market import settle_market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market():
    market = live_market(challenge_window_s=0)
    place(funded_alice(), market, price=0.6, shares=10)
    place(funded_bob(), market, "buy", 1, price=0.45, shares=4)
    return market


def replay(market, *arguments):
    out, err = StringIO(), StringIO()
    call_command("replay", str(market), *arguments, stdout=out, stderr=err)
    return out.getvalue()


def test_the_digests_are_equal(market):
    lines = replay(market.pk).splitlines()
    assert lines[0] == f"market {market.pk}: 4 records, 2 commands"
    assert lines[1].split()[1] == lines[2].split()[1]
    assert replay(market.pk, "--digest").strip() == lines[1].split()[1]


def test_a_settled_market_replays_too(market):
    resolve(market, (10_000, 0))
    settle_market(market_id=market.pk)
    assert "8 records" not in replay(market.pk, "--digest")
    assert len(replay(market.pk, "--digest").strip()) == 64


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trading_order SET filled = filled + 1 WHERE filled > 0 AND filled < quantity",
        "UPDATE trading_position SET quantity = quantity + 1",
        "UPDATE trading_trade SET cost = cost - 1",
        "DELETE FROM trading_trade",
        "UPDATE trading_marketbook SET volume = volume + 1",
        "UPDATE markets_marketevent SET data = jsonb_set(data::jsonb, '{cash,0,1}', '1') WHERE seq = 4",
        "DELETE FROM trading_ledgerentry e USING trading_ledgertransfer t WHERE t.id = e.transfer_id",
    ],
)
def test_a_difference_fails(market, statement):
    tamper(statement)
    with pytest.raises(CommandError, match="differ"):
        replay(market.pk)


def test_an_unknown_market_is_told():
    with pytest.raises(CommandError, match="There is no market 4242"):
        replay(4242)
