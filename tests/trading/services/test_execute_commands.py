from datetime import timedelta

import pytest

from common import clock
from common.money import CASH_SCALE
from markets.errors import MarketNotFound
from markets.models import Market, MarketEvent, MarketHead
from markets.services.close_market import close_market
from markets.services.halt_market import halt_market
from tests.factories.markets import make_draft
from tests.factories.trading import (
    LIQUIDITY,
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
from tests.trading.tables import everything
from trading.errors import MarketNotOpen
from trading.models import Account, Candle, LedgerEntry, LedgerTransfer, MarketBook, Order, Position, Submission, Trade
from trading.services.execute_commands import execute
from trading.services.open_market import open_market
from trading.services.preview_order import preview_order
from trading.types import CancelOrder, MergeSets, MintSets, TimeInForce

pytestmark = pytest.mark.django_db


def test_a_resting_order_holds_its_cost():
    alice, market = funded_alice(), live_market()
    answer = place(alice, market, price=0.62, shares=10, key="c-1")
    assert answer.status == 201
    row = Order.objects.get()
    assert (row.user_id, row.market_id, row.client_order_id) == (alice.pk, market.pk, "c-1")
    assert (row.side, row.outcome, row.price, row.quantity, row.filled) == ("buy", 0, 6200, 100_000, 0)
    assert (row.hold_cash, row.hold_shares, row.status, row.seq) == (620_000_000, 0, "open", 3)
    assert (wallet(alice).cash, wallet(alice).held) == (1_000 * CASH_SCALE, 620_000_000)
    assert not Trade.objects.exists()
    assert not LedgerTransfer.objects.filter(market=market).exists()
    assert MarketHead.objects.get(market=market).seq == 3
    assert MarketEvent.objects.get(market=market, seq=3).kind == "order_placed"


def test_the_answer_is_the_order():
    alice, market = funded_alice(), live_market()
    found = document(place(alice, market, price=0.62, shares=10, key="c-1"))
    row = Order.objects.get()
    assert found.pop("created_at") == found.pop("updated_at") == clock.rfc3339(row.created_at)
    assert found == {
        "id": row.pk,
        "market_id": market.pk,
        "outcome": "yes",
        "side": "buy",
        "type": "limit",
        "time_in_force": "gtc",
        "price": "0.6200",
        "quantity": "10",
        "max_cost": None,
        "min_proceeds": None,
        "reduce_only": False,
        "trigger_price": None,
        "linked_order_id": None,
        "order_group_id": None,
        "post_only": False,
        "self_trade_policy": "cancel_newest",
        "valid_until": None,
        "expires_at": None,
        "client_order_id": "c-1",
        "status": "open",
        "filled": "0",
        "remaining": "10",
        "average_price": None,
        "cost": "0",
        "fee": "0",
        "seq": 3,
        "fills": [],
        "account": {"cash": "1000", "held": "6.2", "available": "993.8"},
    }


def test_buyers_of_both_outcomes_make_sets():
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    place(alice, market, price=0.6, shares=10)
    answer = place(bob, market, "buy", 1, price=0.45, shares=4)
    found = document(answer)
    trade = Trade.objects.get()
    assert found["fills"] == [
        {"id": trade.pk, "kind": "mint", "price": "0.4000", "quantity": "4", "cost": "1.6", "fee": "0"}
    ]
    assert (found["status"], found["average_price"], found["account"]["cash"]) == ("filled", "0.4000", "998.4")
    assert (trade.kind, trade.outcome, trade.taker_side, trade.price) == ("mint", 0, "sell", 6000)
    assert (trade.quantity, trade.cost, trade.seq, trade.line) == (40_000, 240_000_000, 4, 0)
    assert (trade.taker_id, trade.maker_id, trade.probability) == (bob.pk, alice.pk, 600_000)
    positions = Position.objects.order_by("outcome").values_list("user_id", "outcome", "quantity", "held", "cost")
    assert list(positions) == [(alice.pk, 0, 40_000, 0, 240_000_000), (bob.pk, 1, 40_000, 0, 160_000_000)]
    rested = Order.objects.get(user=alice)
    assert (rested.filled, rested.cost, rested.hold_cash, rested.status) == (40_000, 240_000_000, 360_000_000, "open")
    entries = LedgerEntry.objects.filter(transfer__market=market).values_list(
        "account__kind", "account__user_id", "amount"
    )
    assert sorted(entries, key=str) == [
        ("collateral", None, 400_000_000),
        ("wallet", alice.pk, -240_000_000),
        ("wallet", bob.pk, -160_000_000),
    ]


def test_entries_carry_the_balance_after_them():
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    run(
        market,
        order(alice, spec(market, price=0.6, shares=10)),
        order(bob, spec(market, "buy", 1, price=0.4, shares=4)),
        order(bob, spec(market, "buy", 1, price=0.4, shares=6)),
    )
    balances = LedgerEntry.objects.filter(account__user=alice, transfer__market=market).order_by("id")
    assert list(balances.values_list("amount", "balance")) == [
        (-240_000_000, 99_760_000_000),
        (-360_000_000, 99_400_000_000),
    ]
    assert wallet(alice).cash == 99_400_000_000


def test_a_trade_with_the_maker_rule_moves_its_account_and_the_price():
    alice, market = funded_alice(), live_market(liquidity_lots=LIQUIDITY)
    before = Account.objects.get(market=market, kind="maker").cash
    found = document(place(alice, market, price=None, shares=100))
    paid = wallet(alice)
    cost = 1_000 * CASH_SCALE - paid.cash
    assert found["fills"][0]["kind"] == "rule"
    # 1,000 ln((e^0.1 + 1) / 2) = 51.24947...
    assert 5_124_947_000 < cost < 5_124_949_000
    maker, collateral = (Account.objects.get(market=market, kind=kind).cash for kind in ("maker", "collateral"))
    assert collateral == 100 * CASH_SCALE
    assert maker == before + cost - collateral
    book = MarketBook.objects.get(market=market)
    assert (book.maker_quantities, book.prices) == ([1_000_000, 0], [524_979, 475_021])
    assert (book.trades, book.traders, book.volume, book.seq) == (1, 1, cost, 3)
    assert list(Position.objects.filter(user=None).values_list("outcome", "quantity")) == [(1, 1_000_000)]


def test_candles_follow_every_command():
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    place(alice, market, price=0.6, shares=10)
    place(alice, market, price=0.3, shares=10)
    place(bob, market, "buy", 1, price=0.7, shares=12)
    rows = Candle.objects.filter(market=market).order_by("interval")
    assert [row.interval for row in rows] == ["1d", "1h", "1m"]
    for row in rows:
        assert (row.outcome, row.open, row.high, row.low, row.close) == (0, 300_000, 300_000, 300_000, 300_000)
        assert (row.trades, row.volume) == (2, 660_000_000)


def test_a_categorical_market_gets_a_candle_for_every_outcome_that_moves():
    alice, market = funded_alice(), live_categorical_market(liquidity_lots=LIQUIDITY)
    place(alice, market, "buy", 2, price=None, shares=50)
    assert list(Candle.objects.filter(interval="1m").order_by("outcome").values_list("outcome", "trades")) == [
        (0, 0),
        (1, 0),
        (2, 1),
    ]


def test_a_cancel_frees_the_hold():
    alice, market = funded_alice(), live_market()
    placed = document(place(alice, market, key="c-9"))
    answer = run(market, CancelOrder(alice.pk, placed["id"]))[0]
    found = document(answer)
    assert answer.status == 200
    assert (found["status"], found["remaining"], found["client_order_id"]) == ("cancelled", "0", "c-9")
    assert found["created_at"] == placed["created_at"]
    assert found["account"] == {"cash": "1000", "held": "0", "available": "1000"}
    assert wallet(alice).held == 0
    assert Order.objects.get().hold_cash == 0


def test_sets_are_made_and_unmade():
    alice, market = funded_alice(), live_market()
    made, unmade = run(market, MintSets(alice.pk, 100_000), MergeSets(alice.pk, 40_000))
    assert (document(made)["account"]["cash"], document(unmade)["account"]["cash"]) == ("990", "994")
    assert list(Position.objects.order_by("outcome").values_list("quantity", "cost")) == [(60_000, 300_000_000)] * 2
    kinds = LedgerTransfer.objects.filter(market=market).order_by("id").values_list("kind", "seq")
    assert list(kinds) == [("mint", 3), ("merge", 4)]
    assert Account.objects.get(market=market, kind="collateral").cash == 6 * CASH_SCALE


def test_a_batch_sees_what_it_has_done_before():
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    answers = run(
        market,
        order(alice, spec(market, price=0.9, shares=1_000)),
        order(alice, spec(market, price=0.9, shares=1_000)),
        order(bob, spec(market, "buy", 1, price=0.1, shares=1_000)),
        order(alice, spec(market, "sell", price=0.95, shares=1_000)),
    )
    assert [answer.status for answer in answers] == [201, 409, 201, 201]
    assert document(answers[1])["code"] == "order.insufficient_funds"
    assert (document(answers[1])["available"], document(answers[1])["required"]) == ("100", "900")
    assert [answer.seq for answer in answers] == [3, None, 4, 5]
    assert Order.objects.count() == 3
    holding = Position.objects.get(user=alice)
    assert (holding.quantity, holding.held) == (10_000_000, 10_000_000)


REFUSED = {
    "order.insufficient_funds": {"shares": 10_000},
    "order.insufficient_shares": {"side": "sell"},
    "order.price_out_of_range": {"price": 1.0},
    "order.quantity_invalid": {"shares": 0},
    "order.outcome_unknown": {"outcome": 2},
    "order.not_filled": {"time_in_force": TimeInForce.FOK},
    "order.no_liquidity": {"price": None},
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_refusal_changes_nothing_but_its_answer(code):
    alice, market = funded_alice(), live_market()
    place(alice, market, price=0.1, shares=1)
    before = everything(but=("trading_submission",))
    answer = place(alice, market, key="c-1", **REFUSED[code])
    assert document(answer)["code"] == code
    assert answer.status == document(answer)["status"] >= 400
    assert everything(but=("trading_submission",)) == before
    stored = Submission.objects.get(client_order_id="c-1")
    assert (stored.status, stored.answer) == (answer.status, answer.body)


def test_a_price_off_the_grid_is_refused():
    alice, market = funded_alice(), live_market(tick=100)
    assert document(place(alice, market, price=0.625))["code"] == "order.price_off_grid"
    assert place(alice, market, price=0.62).status == 201


def test_a_stranger_without_account_has_no_funds(django_user_model):
    market = live_market()
    carol = django_user_model.objects.create(username="carol")
    assert document(place(carol, market))["code"] == "order.insufficient_funds"
    assert not Account.objects.filter(user=carol).exists()


def test_an_unknown_market_is_refused():
    alice, market = funded_alice(), live_market()
    before = everything()
    with pytest.raises(MarketNotFound):
        execute(2**40, [order(alice, spec(market))])
    assert everything() == before


def test_a_draft_takes_no_orders():
    alice, market = funded_alice(), make_draft()
    before = everything()
    with pytest.raises(MarketNotOpen):
        run(market, order(alice, spec(market)))
    with pytest.raises(MarketNotOpen):
        preview_order(order(alice, spec(market)))
    assert everything() == before
    open_market(market.pk)
    assert run(market, order(alice, spec(market)))[0].status == 201


def test_another_trader_cannot_cancel():
    alice, bob, market = funded_alice(), funded_bob(), live_market()
    placed = document(place(alice, market))
    before = everything()
    answer = run(market, CancelOrder(bob.pk, placed["id"]))[0]
    assert (answer.status, document(answer)["code"]) == (404, "order.not_found")
    assert everything() == before


def test_a_halted_market_takes_cancels_only():
    alice, market = funded_alice(), live_market()
    placed = document(place(alice, market))
    halt_market(market_id=market.pk, actor_id=None, reason="Something is odd.")
    refused, cancelled = run(market, order(alice, spec(market)), CancelOrder(alice.pk, placed["id"]))
    assert document(refused)["code"] == "order.market_not_open"
    assert cancelled.status == 200


def test_a_closed_market_takes_nothing_from_traders():
    alice, market = funded_alice(), live_market()
    placed = document(place(alice, market))
    close_market(market_id=market.pk, actor_id=None)
    refused, kept = run(market, order(alice, spec(market)), CancelOrder(alice.pk, placed["id"]))
    assert document(refused)["code"] == document(kept)["code"] == "order.market_not_open"


def test_the_clock_of_the_database_closes_the_market():
    alice, market = funded_alice(), live_market()
    Market.objects.filter(pk=market.pk).update(closes_at=clock.now() - timedelta(milliseconds=1))
    before = everything(but=("trading_submission",))
    assert document(place(alice, market))["code"] == "order.market_not_open"
    assert everything(but=("trading_submission",)) == before


def test_an_empty_batch_does_nothing():
    assert execute(1, []) == []
