import pytest

from common.money import CASH_SCALE
from markets.models import MarketEvent
from markets.services.void_market import void_market
from tests.factories.trading import (
    LIQUIDITY,
    funded_alice,
    funded_bob,
    funded_traders,
    live_categorical_market,
    live_market,
    place,
    resolve,
    run,
    wallet,
)
from tests.trading.tables import everything
from trading.errors import MarketNotOver
from trading.models import Account, LedgerTransfer, MarketBook, Order, Position
from trading.services.settle_market import settle_market
from trading.types import MintSets

pytestmark = pytest.mark.django_db
CREDIT = CASH_SCALE


def cash_of(market):
    return dict(Account.objects.filter(market=market).values_list("kind", "cash"))


def held_pair(**fields):
    """alice has 10 yes for 6 credits, bob 10 no for 4."""
    alice, bob, market = funded_alice(), funded_bob(), live_market(challenge_window_s=0, **fields)
    place(alice, market, price=0.6, shares=10)
    place(bob, market, "buy", 1, price=0.4, shares=10)
    return alice, bob, market


def test_the_winners_are_paid_and_nothing_is_left():
    alice, bob, market = held_pair()
    resolve(market, (10_000, 0))
    seq = settle_market(market_id=market.pk)
    assert (wallet(alice).cash, wallet(bob).cash) == (1_004 * CREDIT, 996 * CREDIT)
    assert cash_of(market) == {"collateral": 0, "maker": 0, "fees": 0}
    assert list(Position.objects.order_by("outcome").values_list("quantity", "held", "cost")) == [
        (0, 0, -4 * CREDIT),
        (0, 0, 4 * CREDIT),
    ]
    record = MarketEvent.objects.get(market=market, kind="settled")
    assert record.seq == seq
    assert record.data == {"payouts": [10_000, 0], "paid": [[alice.pk, 10 * CREDIT]], "returned": 0, "fees": 0}
    assert MarketBook.objects.get(market=market).settled_at == record.at


def test_a_partial_resolution_pays_everybody_their_part():
    alice, bob, market = held_pair()
    resolve(market, (3_000, 7_000))
    settle_market(market_id=market.pk)
    assert (wallet(alice).cash, wallet(bob).cash) == (997 * CREDIT, 1_003 * CREDIT)


def test_a_void_market_refunds_what_was_paid_fees_included():
    alice, bob, market = held_pair(taker_fee_bps=700, maker_fee_bps=100)
    assert wallet(bob).cash < 996 * CREDIT
    void_market(market_id=market.pk, actor_id=None, reason="Nobody can tell.")
    settle_market(market_id=market.pk)
    assert (wallet(alice).cash, wallet(bob).cash) == (1_000 * CREDIT, 1_000 * CREDIT)
    assert cash_of(market) == {"collateral": 0, "maker": 0, "fees": 0}
    assert not Position.objects.exclude(quantity=0, cost=0).exists()


def test_a_void_market_shares_out_what_is_there_when_somebody_left_with_a_profit():
    alice, bob, carl = funded_traders(3)
    market = live_market(challenge_window_s=0)
    place(alice, market, price=0.2, shares=10)
    place(bob, market, "buy", 1, price=0.8, shares=10)
    place(carl, market, price=0.9, shares=10)
    place(alice, market, "sell", price=0.9, shares=10)
    void_market(market_id=market.pk, actor_id=None, reason="Nobody can tell.")
    settle_market(market_id=market.pk)
    # bob paid 8 and carl 9, alice took 7 out: 10 credits are there for 17.
    assert wallet(alice).cash == 1_007 * CREDIT
    assert wallet(bob).cash == 992 * CREDIT + 470_588_235
    assert wallet(carl).cash == 991 * CREDIT + 529_411_765
    assert cash_of(market) == {"collateral": 0, "maker": 0, "fees": 0}


def test_open_orders_are_cancelled_first():
    alice, bob, market = held_pair()
    place(alice, market, price=0.3, shares=100)
    place(alice, market, "sell", price=0.9, shares=5)
    assert wallet(alice).held == 30 * CREDIT
    resolve(market, (0, 10_000))
    settle_market(market_id=market.pk)
    assert (wallet(alice).cash, wallet(alice).held) == (994 * CREDIT, 0)
    assert not Order.objects.filter(status="open").exists()
    assert wallet(bob).cash == 1_006 * CREDIT


def test_the_maker_rules_remainder_goes_back_and_fees_to_the_house():
    (alice,) = funded_traders(1)
    market = live_market(challenge_window_s=0, liquidity_lots=LIQUIDITY, taker_fee_bps=700)
    issuance = Account.objects.get(kind="issuance")
    given = Account.objects.get(market=market, kind="maker").cash
    place(alice, market, price=None, shares=100)
    spent, fees = 1_000 * CREDIT - wallet(alice).cash, Account.objects.get(market=market, kind="fees").cash
    assert fees > 0
    resolve(market, (10_000, 0))
    settle_market(market_id=market.pk)
    assert wallet(alice).cash == 1_000 * CREDIT - spent + 100 * CREDIT
    assert Account.objects.get(kind="house").cash == fees
    returned = given + spent - fees - 100 * CREDIT
    assert Account.objects.get(kind="issuance").cash == issuance.cash + returned
    assert cash_of(market) == {"collateral": 0, "maker": 0, "fees": 0}


def test_a_categorical_market_is_settled_too():
    alice, bob = funded_traders(2)
    market = live_categorical_market(challenge_window_s=0, liquidity_lots=LIQUIDITY)
    run(market, MintSets(bob.pk, 50_000))
    place(alice, market, "buy", 2, price=None, shares=20)
    spent = 1_000 * CREDIT - wallet(alice).cash
    resolve(market, (2_000, 3_000, 5_000))
    settle_market(market_id=market.pk)
    assert wallet(alice).cash == 1_000 * CREDIT - spent + 10 * CREDIT
    assert wallet(bob).cash == 1_000 * CREDIT
    assert cash_of(market) == {"collateral": 0, "maker": 0, "fees": 0}


def test_settling_twice_changes_nothing():
    _, _, market = held_pair()
    resolve(market, (10_000, 0))
    settle_market(market_id=market.pk)
    before = everything()
    assert settle_market(market_id=market.pk) is None
    assert everything() == before


def test_an_open_market_is_not_settled():
    _, _, market = held_pair()
    before = everything()
    with pytest.raises(MarketNotOver):
        settle_market(market_id=market.pk)
    assert everything() == before


def test_a_market_without_trades_returns_its_subsidy():
    market = live_market(challenge_window_s=0, liquidity_lots=LIQUIDITY)
    void_market(market_id=market.pk, actor_id=None, reason="Nobody came.")
    assert settle_market(market_id=market.pk) is not None
    assert Account.objects.get(kind="issuance").cash == 0
    assert list(LedgerTransfer.objects.filter(market=market).values_list("kind", flat=True)) == ["subsidy", "subsidy"]
