"""A settlement that two people undo leaves everything as it was, to the unit; or nothing happens."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, connections, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.models import AuditRecord, User
from accounts.types import Role
from common import clock
from common.errors import DomainError
from common.money import CASH_SCALE, QUANTITY_SCALE
from markets.errors import OverrideNotWaiting, OverrideOwn, WrongStatus
from markets.models import Market, MarketEvent, Override
from markets.services.confirm_resolution import confirm_resolution
from markets.services.propose_resolution import propose_resolution
from markets.services.request_override import request_override
from markets.services.void_market import void_market
from markets.types import OverrideKind
from scripts.replay_journal import Replay
from tests.factories.accounts import make_dave, make_user
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
from trading.errors import SettlementNotKept, SettlementSpent, UndoNotSettled, UndoWindowOver
from trading.models import Account, LedgerEntry, LedgerTransfer, MarketBook, Position, Provision
from trading.selectors.invariants import INVARIANTS, rows_at_fault
from trading.selectors.snapshot import one_snapshot
from trading.services.add_liquidity import add_liquidity
from trading.services.approve_override import approve_override
from trading.services.cancel_all import cancel_all
from trading.services.replay_market import replay_market
from trading.services.settle_market import settle_market
from trading.types import MintSets

pytestmark = pytest.mark.django_db
CREDIT = CASH_SCALE
WHY = "The source has corrected its figure."


def make_erin() -> User:
    return make_user("erin", roles=(Role.TRADER, Role.OPERATOR))


def undo(market: Market) -> int:
    asked = request_override(market_id=market.pk, actor_id=make_dave().pk, kind=OverrideKind.UNDO, reason=WHY)
    return approve_override(override_id=asked.pk, actor_id=make_erin().pk, reason="I have looked it up.")


def standing(market: Market) -> dict[str, Any]:
    """All money, shares and liquidity there is, and what the book says."""
    return {
        "accounts": list(
            # The house's account is made when the first fee comes.
            Account.objects.exclude(cash=0, held=0).order_by("pk").values_list("pk", "cash", "held")
        ),
        "positions": list(
            Position.objects.order_by("pk").values_list("pk", "quantity", "held", "cost", "settled_quantity")
        ),
        "provisions": list(Provision.objects.order_by("pk").values_list("pk", "quantity", "cost")),
        "book": MarketBook.objects.filter(pk=market.pk).values_list(
            "maker_quantities", "added_liquidity", "prices", "volume", "trades", "settled_at"
        )[0],
    }


def held_pair(**fields: Any) -> tuple[User, User, Market]:
    """alice has 10 yes for 6 credits, bob 10 no for 4."""
    alice, bob, market = funded_alice(), funded_bob(), live_market(challenge_window_s=0, **fields)
    place(alice, market, price=0.6, shares=10)
    place(bob, market, "buy", 1, price=0.4, shares=10)
    return alice, bob, market


def settled_pair() -> tuple[User, User, Market]:
    alice, bob, market = held_pair()
    resolve(market, (10_000, 0))
    settle_market(market_id=market.pk)
    return alice, bob, market


def test_balances_positions_and_the_ledger_are_as_before_and_the_market_is_resolved_again() -> None:
    alice, _, market = held_pair(liquidity_lots=LIQUIDITY, taker_fee_bps=700)
    place(alice, market, price=None, shares=25)
    resolve(market, (10_000, 0))
    cancel_all(market.pk)
    before, entries = standing(market), list(LedgerEntry.objects.order_by("pk").values_list())
    settled_seq = settle_market(market_id=market.pk)
    paid = list(LedgerTransfer.objects.filter(market=market, seq=settled_seq).values_list("kind", flat=True))
    seq = undo(market)
    assert standing(market) == before
    # Nothing is deleted: what was paid and what was taken back stand beside each other.
    assert list(LedgerEntry.objects.order_by("pk").values_list())[: len(entries)] == entries
    back = LedgerTransfer.objects.filter(market=market, seq=seq).order_by("pk")
    assert [(t.kind, t.memo) for t in back] == [
        (kind, f"Undoes the settlement, record {settled_seq}") for kind in reversed(paid)
    ]
    market.refresh_from_db()
    assert (market.status, market.payouts, market.proposed_payouts, market.resolved_at) == ("closed", None, None, None)
    record = MarketEvent.objects.get(market=market, seq=seq)
    assert record.kind == "settlement_undone"
    assert record.data == {
        "undoes": settled_seq,
        "taken": [[alice.pk, 35 * CREDIT]],
        "reason": WHY,
        "approved_by": make_erin().pk,
    }
    assert record.actor_id == make_dave().pk
    again(market, (0, 10_000))
    # Her 35 shares pay nothing now.
    assert wallet(alice).cash == {pk: cash for pk, cash, _ in before["accounts"]}[wallet(alice).pk]
    assert [kind for kind in kinds(market) if "settle" in kind] == ["settled", "settlement_undone", "settled"]


def again(market: Market, payouts: tuple[int, ...]) -> None:
    """Resolve and settle once more, and hold everything against the journal."""
    propose_resolution(market_id=market.pk, actor_id=make_dave().pk, payouts=payouts, reason=WHY)
    confirm_resolution(market_id=market.pk, actor_id=None)
    assert settle_market(market_id=market.pk) is not None
    check_everything(market)


def check_everything(market: Market) -> None:
    for invariant in INVARIANTS:
        assert rows_at_fault(invariant) == [], invariant.title
    report = replay_market(market_id=market.pk)
    assert report.mistakes == []
    assert report.is_equal
    alone = replayed_alone(market)
    assert alone.mistakes == []
    for user_id, cash in alone.cash.items():
        if user_id > 0:
            entries = LedgerEntry.objects.filter(account__user_id=user_id, transfer__market=market)
            assert cash == sum(entries.values_list("amount", flat=True))


def replayed_alone(market: Market) -> Replay:
    rules = {
        "market_id": market.pk,
        "kind": market.kind,
        "outcomes": market.outcomes.count(),
        "liquidity": market.liquidity_lots,
        "taker_fee_bps": market.taker_fee_bps,
        "maker_fee_bps": market.maker_fee_bps,
        "tick": market.tick,
        "lot": market.lot,
    }
    replay = Replay(rules)
    for event in MarketEvent.objects.filter(market=market).order_by("seq"):
        at = event.at.isoformat()
        replay.take({"seq": event.seq, "kind": event.kind, "at": at, "actor_id": event.actor_id, "data": event.data})
    return replay


def kinds(market: Market) -> list[str]:
    return list(MarketEvent.objects.filter(market=market).order_by("seq").values_list("kind", flat=True))


def test_a_void_is_undone_too() -> None:
    alice, bob, market = held_pair(taker_fee_bps=700, maker_fee_bps=100)
    before = standing(market)
    void_market(market_id=market.pk, actor_id=None, reason="Nobody can tell.")
    settle_market(market_id=market.pk)
    assert (wallet(alice).cash, wallet(bob).cash) == (1_000 * CREDIT, 1_000 * CREDIT)
    undo(market)
    assert standing(market) == before
    again(market, (10_000, 0))
    assert wallet(alice).cash > 1_003 * CREDIT


def test_those_who_provided_liquidity_provide_it_again() -> None:
    alice, bob = funded_traders(2)
    market = live_market(challenge_window_s=0, liquidity_lots=LIQUIDITY)
    assert add_liquidity(user_id=alice.pk, market_id=market.pk, quantity=500 * QUANTITY_SCALE).is_accepted
    place(bob, market, price=None, shares=40)
    resolve(market, (10_000, 0))
    before = standing(market)
    settle_market(market_id=market.pk)
    assert MarketBook.objects.get(market=market).added_liquidity == 0
    undo(market)
    assert standing(market) == before
    again(market, (0, 10_000))


TRADE = st.tuples(
    st.integers(0, 2), st.sampled_from(["buy", "sell"]), st.integers(0, 2), st.integers(1, 19), st.integers(1, 30)
)


@hypothesis_settings(
    max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
@given(
    trades=st.lists(TRADE, max_size=12),
    results=st.lists(
        st.sampled_from([(), (10_000, 0, 0), (0, 10_000, 0), (2_500, 2_500, 5_000)]), min_size=1, max_size=3
    ),
    liquidity=st.sampled_from([0, LIQUIDITY]),
    fee=st.sampled_from([0, 700]),
)
def test_whatever_was_traded_undoing_leads_back_to_it(
    trades: list[tuple[int, str, int, int, int]], results: list[tuple[int, ...]], liquidity: int, fee: int
) -> None:
    people = funded_traders(3)
    market = live_categorical_market(challenge_window_s=0, liquidity_lots=liquidity, taker_fee_bps=fee)
    run(market, MintSets(people[0].pk, 20 * QUANTITY_SCALE))
    for who, side, outcome, price, shares in trades:
        place(people[who], market, side, outcome, price=price / 20, shares=shares)
    resolve(market, (0, 0, 10_000))
    settle_market(market_id=market.pk)
    undo(market)
    before = standing(market)
    for payouts in results:
        if payouts:
            propose_resolution(market_id=market.pk, actor_id=None, payouts=payouts, reason=WHY)
            confirm_resolution(market_id=market.pk, actor_id=None)
        else:
            void_market(market_id=market.pk, actor_id=None, reason=WHY)
        settle_market(market_id=market.pk)
        undo(market)
        assert standing(market) == before
    again(market, (10_000, 0, 0))


def test_nobody_becomes_poorer_than_nothing_and_then_nobody_at_all() -> None:
    alice, _, market = settled_pair()
    other = live_market()
    # alice has 1,004 credits and reserves 1,000 of them, so 10 can't be taken back.
    place(alice, other, price=0.5, shares=2_000)
    asked = request_override(market_id=market.pk, actor_id=make_dave().pk, kind=OverrideKind.UNDO, reason=WHY)
    before = everything()
    with pytest.raises(SettlementSpent) as refused:
        approve_override(override_id=asked.pk, actor_id=make_erin().pk)
    assert refused.value.extra == {"accounts": 1, "missing": "6"}
    assert everything() == before
    asked.refresh_from_db()
    assert asked.status == "waiting"
    market.refresh_from_db()
    assert market.status == "resolved"


@pytest.mark.parametrize("seconds", [0, 1])
def test_the_window(seconds: int) -> None:
    _, _, market = settled_pair()
    ends = MarketBook.objects.get(market=market).settled_at + timedelta(seconds=settings.SETTLEMENT_UNDO_WINDOW_S)
    asked = request_override(market_id=market.pk, actor_id=make_dave().pk, kind=OverrideKind.UNDO, reason=WHY)
    Override.objects.update(expires_at=ends + timedelta(days=1))
    before = everything()
    with time_machine.travel(ends - timedelta(seconds=seconds), tick=False):
        if seconds:
            approve_override(override_id=asked.pk, actor_id=make_erin().pk)
        else:
            with pytest.raises(UndoWindowOver):
                approve_override(override_id=asked.pk, actor_id=make_erin().pk)
            assert everything() == before


def test_it_is_undone_once() -> None:
    _, _, market = settled_pair()
    asked = request_override(market_id=market.pk, actor_id=make_dave().pk, kind=OverrideKind.UNDO, reason=WHY)
    approve_override(override_id=asked.pk, actor_id=make_erin().pk)
    before = everything()
    with pytest.raises(OverrideNotWaiting):
        approve_override(override_id=asked.pk, actor_id=make_erin().pk)
    with pytest.raises(WrongStatus):
        request_override(market_id=market.pk, actor_id=make_dave().pk, kind=OverrideKind.UNDO, reason=WHY)
    assert everything() == before
    assert settle_market_refused(market)


def settle_market_refused(market: Market) -> bool:
    try:
        settle_market(market_id=market.pk)
    except DomainError as refusal:
        return refusal.code == "market.not_over"
    return False


def test_what_isnt_settled_or_was_settled_by_an_older_version_is_not_undone() -> None:
    _, _, market = held_pair()
    resolve(market, (10_000, 0))
    asked = request_override(market_id=market.pk, actor_id=make_dave().pk, kind=OverrideKind.UNDO, reason=WHY)
    with pytest.raises(UndoNotSettled):
        approve_override(override_id=asked.pk, actor_id=make_erin().pk)
    settle_market(market_id=market.pk)
    Position.objects.filter(market=market).update(settled_quantity=None)
    before = everything()
    with pytest.raises(SettlementNotKept):
        approve_override(override_id=asked.pk, actor_id=make_erin().pk)
    assert everything() == before


def test_one_person_alone_does_nothing() -> None:
    _, _, market = settled_pair()
    dave = make_dave()
    asked = request_override(market_id=market.pk, actor_id=dave.pk, kind=OverrideKind.UNDO, reason=WHY)
    before = everything()
    with pytest.raises(OverrideOwn):
        approve_override(override_id=asked.pk, actor_id=dave.pk)
    assert everything() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.filter(pk=asked.pk).update(status="approved", decided_by=dave, decided_at=clock.now())
    assert AuditRecord.objects.filter(action="markets.override_approved").count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_undo_it_once() -> None:
    _, _, market = settled_pair()
    asked = request_override(market_id=market.pk, actor_id=make_dave().pk, kind=OverrideKind.UNDO, reason=WHY)
    found: list[str] = []

    def approve(actor_id: int) -> None:
        try:
            approve_override(override_id=asked.pk, actor_id=actor_id)
            found.append("done")
        except OverrideNotWaiting:
            found.append("refused")
        finally:
            connections.close_all()

    people = [make_erin(), make_user("frank", roles=(Role.OPERATOR,))]
    threads = [threading.Thread(target=approve, args=(user.pk,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found) == ["done", "refused"]
    assert kinds(market).count("settlement_undone") == 1
    with one_snapshot():
        check_everything(market)
