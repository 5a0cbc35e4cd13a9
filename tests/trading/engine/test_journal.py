"""Records tell everything: through JSON and back, and forward on another copy of the state."""

import json
from dataclasses import fields
from datetime import timedelta
from typing import Any

from tests.trading.engine.desk import ALICE, BOB, NO, NOW, SHARE, YES, Desk
from trading.engine.changes import view_of
from trading.engine.follow import apply_record
from trading.engine.journal import from_record, to_record
from trading.engine.postings import Posting, PostingKind, postings
from trading.engine.replay import digest, restore
from trading.engine.state import new_state
from trading.types import COLLATERAL, FEES, Effects, OrderStatus, SelfTradePolicy

RULES: dict[str, Any] = {"liquidity": 1_000 * SHARE, "taker_fee_bps": 100, "maker_fee_bps": 50}


def history(desk: Desk) -> list[Effects]:
    return [
        desk.mint(ALICE, 9 * SHARE),
        desk.buy(ALICE, NO, 4_500, 5 * SHARE, valid_until=NOW + timedelta(microseconds=5)),
        desk.sell(ALICE, YES, 5_400, 3 * SHARE, post_only=True),
        desk.buy(BOB, YES, 5_450, 90 * SHARE),
        desk.buy(BOB, NO, None, None, cost_max=123_456_789, self_trade_policy=SelfTradePolicy.CANCEL_OLDEST),
        desk.cancel(ALICE, 1),
        desk.merge(ALICE, SHARE),
    ]


def test_a_record_survives_json() -> None:
    for effects in history(Desk(**RULES)):
        again = from_record(json.loads(json.dumps(to_record(effects))))
        for each in fields(Effects):
            assert getattr(again, each.name) == getattr(effects, each.name)
        assert type(again.command) is type(effects.command)


def test_replaying_records_gives_an_equal_state_at_every_step() -> None:
    desk = Desk(**RULES)
    digests, copy = [], new_state(desk.state.rules)
    results = history(desk)
    for effects in results:
        apply_record(copy, to_record(effects))
        digests.append(digest(copy))
    assert digests[-1] == digest(desk.state)
    assert len(set(digests)) == len(digests)
    assert copy.last_prices == desk.state.last_prices


def test_restoring_from_tables_gives_an_equal_state() -> None:
    desk = Desk(**RULES)
    history(desk)
    state = desk.state
    views = [view_of(order, OrderStatus.OPEN) for order in reversed(state.orders.values())]
    holdings = {key: (holding.quantity, holding.held) for key, holding in state.holdings.items()} | {(99, YES): (0, 0)}
    restored = restore(state.rules, views, holdings, state.maker_quantities, state.seq)
    assert digest(restored) == digest(state)


def test_postings_name_fees_apart_and_balance() -> None:
    desk = Desk(taker_fee_bps=100, maker_fee_bps=50)
    desk.buy(ALICE, NO, 4_000, SHARE)
    effects = desk.buy(BOB, YES, 6_000, SHARE)
    assert postings(effects) == [
        Posting(BOB, -240_000, PostingKind.FEE),
        Posting(ALICE, -120_000, PostingKind.FEE),
        Posting(FEES, 360_000, PostingKind.FEE),
        Posting(COLLATERAL, 100_000_000, PostingKind.TRADE),
        Posting(BOB, -60_000_000, PostingKind.TRADE),
        Posting(ALICE, -40_000_000, PostingKind.TRADE),
    ]


def test_postings_of_sets_and_of_nothing() -> None:
    desk = Desk()
    assert postings(desk.mint(ALICE, SHARE)) == [
        Posting(ALICE, -100_000_000, PostingKind.SETS),
        Posting(COLLATERAL, 100_000_000, PostingKind.SETS),
    ]
    assert postings(desk.buy(ALICE, YES, 5_000, SHARE)) == []


def test_postings_add_up_to_the_cash_of_every_party() -> None:
    for effects in history(Desk(**RULES)):
        totals: dict[int, int] = {}
        for line in postings(effects):
            totals[line.party] = totals.get(line.party, 0) + line.amount
        assert totals == {party: amount for party, amount in effects.cash.items() if amount}
