from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from accounts.types import Role
from common import bus, clock
from common.errors import DomainError
from markets import events
from markets.errors import (
    ActionNotAllowed,
    ApprovalNeeded,
    ChallengeWindowOpen,
    ChallengeWindowOver,
    MarketInvalid,
    MarketNotFound,
    ResolutionInvalid,
    WrongStatus,
)
from markets.models import Market, MarketEvent
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.dispute_resolution import dispute_resolution
from markets.services.edit_draft import edit_draft
from markets.services.halt_market import halt_market
from markets.services.open_market import open_market
from markets.services.propose_resolution import propose_resolution
from markets.services.resume_market import resume_market
from markets.services.void_market import void_market
from tests.factories.accounts import make_alice, make_bob, make_carol, make_dave, make_user
from tests.factories.markets import (
    make_closed_market,
    make_draft,
    make_market,
    make_proposed_market,
    make_resolved_market,
    make_spec,
)

pytestmark = pytest.mark.django_db
WHY = "The weather service says so."


def _journal(market: Market) -> list[tuple[int, str]]:
    return list(MarketEvent.objects.filter(market=market).values_list("seq", "kind"))


def test_every_change_is_one_journal_record_without_gaps() -> None:
    market = make_resolved_market((3_000, 7_000))
    assert (market.status, market.payouts) == ("resolved", [3_000, 7_000])
    kinds = ["created", "opened", "closed", "proposed", "resolved"]
    assert _journal(market) == list(enumerate(kinds, start=1))
    assert market.head.seq == 5


def test_halting_and_resuming() -> None:
    market, dave = make_market(), make_dave()
    assert halt_market(market_id=market.pk, actor_id=dave.pk, reason="  The source is down. ") == 3
    market.refresh_from_db()
    assert market.status == "halted"
    event = MarketEvent.objects.get(market=market, seq=3)
    assert (event.kind, event.actor_id, event.data) == ("halted", dave.pk, {"reason": "The source is down."})
    assert resume_market(market_id=market.pk, actor_id=dave.pk) == 4
    market.refresh_from_db()
    assert market.status == "open"


def test_a_proposal_and_its_window() -> None:
    now = clock.now()
    with time_machine.travel(now, tick=False):
        market = make_closed_market(challenge_window_s=3_600)
        propose_resolution(market_id=market.pk, actor_id=market.creator_id, payouts=[10_000, 0], reason=WHY)
        market.refresh_from_db()
        assert market.status == "proposed"
        assert (market.proposed_payouts, market.proposed_by_id, market.proposed_at) == (
            [10_000, 0],
            market.creator_id,
            now,
        )
        assert market.challenge_ends_at == now + timedelta(hours=1)
        assert market.payouts is None
    with time_machine.travel(now + timedelta(seconds=3_599), tick=False), pytest.raises(ChallengeWindowOpen):
        confirm_resolution(market_id=market.pk, actor_id=None)
    with time_machine.travel(now + timedelta(seconds=3_600), tick=False):
        with pytest.raises(ChallengeWindowOver):
            dispute_resolution(market_id=market.pk, actor_id=make_alice().pk, reason="It did not rain.")
        confirm_resolution(market_id=market.pk, actor_id=None)
    market.refresh_from_db()
    assert (market.status, market.payouts) == ("resolved", [10_000, 0])


def test_a_dispute_is_decided_by_staff_who_may_change_the_payouts() -> None:
    market = make_proposed_market((10_000, 0))
    alice = make_alice()
    dispute_resolution(market_id=market.pk, actor_id=alice.pk, reason="It did not rain.")
    market.refresh_from_db()
    assert (market.status, market.disputed_by_id, market.dispute_reason) == ("disputed", alice.pk, "It did not rain.")
    for nobody in (None, alice.pk, make_bob().pk):
        with pytest.raises(ActionNotAllowed):
            confirm_resolution(market_id=market.pk, actor_id=nobody, payouts=[0, 10_000])
    dave, erin = make_dave(), make_user("erin", roles=(Role.OPERATOR,))
    with pytest.raises(ApprovalNeeded):
        confirm_resolution(market_id=market.pk, actor_id=dave.pk, payouts=[0, 10_000])
    confirm_resolution(market_id=market.pk, actor_id=dave.pk, payouts=[0, 10_000], approved_by=erin.pk)
    market.refresh_from_db()
    assert (market.status, market.payouts) == ("resolved", [0, 10_000])
    record = MarketEvent.objects.get(market=market, kind="resolved")
    assert record.data == {"payouts": [0, 10_000], "approved_by": erin.pk}
    assert market.proposed_payouts == [10_000, 0]


def test_an_undisputed_proposal_is_confirmed_as_it_is() -> None:
    market = make_proposed_market((10_000, 0), challenge_window_s=0)
    with pytest.raises(ResolutionInvalid):
        confirm_resolution(market_id=market.pk, actor_id=make_dave().pk, payouts=[0, 10_000])
    market.refresh_from_db()
    assert market.status == "proposed"


def test_voiding() -> None:
    market, dave, erin = make_market(), make_dave(), make_user("erin", roles=(Role.OPERATOR,))
    void_market(market_id=market.pk, actor_id=dave.pk, reason="The race was called off.", approved_by=erin.pk)
    market.refresh_from_db()
    assert (market.status, market.payouts) == ("void", None)
    assert market.resolved_at is not None
    assert market.closed_at == market.resolved_at


Call = Callable[[Market], object]
REFUSALS: list[tuple[Callable[[], Market], Call, type[DomainError]]] = [
    (make_draft, lambda m: halt_market(market_id=m.pk, actor_id=None, reason=WHY), WrongStatus),
    (make_draft, lambda m: close_market(market_id=m.pk, actor_id=None), WrongStatus),
    (make_market, lambda m: open_market(market_id=m.pk, actor_id=None), WrongStatus),
    (make_market, lambda m: halt_market(market_id=m.pk, actor_id=make_alice().pk, reason=WHY), ActionNotAllowed),
    (make_market, lambda m: halt_market(market_id=m.pk, actor_id=make_dave().pk, reason="\x00\x00\x00"), MarketInvalid),
    (make_market, lambda m: halt_market(market_id=m.pk, actor_id=make_dave().pk, reason=" "), MarketInvalid),
    (make_market, lambda m: close_market(market_id=m.pk, actor_id=make_carol().pk), ActionNotAllowed),
    (make_market, lambda m: void_market(market_id=m.pk, actor_id=make_alice().pk, reason=WHY), ActionNotAllowed),
    (make_market, lambda m: void_market(market_id=m.pk, actor_id=make_dave().pk, reason=WHY), ApprovalNeeded),
    (
        make_closed_market,
        lambda m: propose_resolution(market_id=m.pk, actor_id=make_alice().pk, payouts=[10_000, 0], reason=WHY),
        ActionNotAllowed,
    ),
    (
        make_closed_market,
        lambda m: propose_resolution(market_id=m.pk, actor_id=None, payouts=[10_000], reason=WHY),
        ResolutionInvalid,
    ),
    (
        make_closed_market,
        lambda m: propose_resolution(market_id=m.pk, actor_id=None, payouts=[9_000, 0], reason=WHY),
        ResolutionInvalid,
    ),
    (make_proposed_market, lambda m: confirm_resolution(market_id=m.pk, actor_id=None), ChallengeWindowOpen),
    (make_resolved_market, lambda m: void_market(market_id=m.pk, actor_id=None, reason=WHY), WrongStatus),
    (make_resolved_market, lambda m: confirm_resolution(market_id=m.pk, actor_id=None), WrongStatus),
    (make_market, lambda m: edit_draft(market_id=m.pk, actor_id=make_dave().pk, spec=make_spec()), WrongStatus),
    (make_draft, lambda m: edit_draft(market_id=m.pk, actor_id=make_alice().pk, spec=make_spec()), ActionNotAllowed),
]


@pytest.mark.parametrize(("make", "call", "error"), REFUSALS)
def test_refusals_change_nothing(
    make: Callable[[], Market],
    call: Call,
    error: type[DomainError],
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    market = make()
    before, journal = Market.objects.values().get(), _journal(market)
    seen: list[object] = []
    monkeypatch.setattr(bus, "_handlers", defaultdict(list, {kind: [seen.append] for kind in _kinds()}))
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(error):
        call(market)
    assert Market.objects.values().get() == before
    assert _journal(market) == journal
    assert seen == []


def _kinds() -> list[type]:
    return events.MarketChanged.__subclasses__()


def test_every_change_publishes_its_fact_once(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(bus, "_handlers", defaultdict(list, {kind: [seen.append] for kind in _kinds()}))
    with django_capture_on_commit_callbacks(execute=True):
        market = make_resolved_market()
    kinds = [events.MarketCreated, events.MarketOpened, events.MarketClosed, events.ResolutionProposed]
    assert seen == [kind(market.pk, seq) for seq, kind in enumerate([*kinds, events.MarketResolved], start=1)]


def test_a_market_that_would_close_in_the_past_is_not_opened() -> None:
    market = make_draft()
    with time_machine.travel(market.closes_at), pytest.raises(MarketInvalid):
        open_market(market_id=market.pk, actor_id=None)
    market.refresh_from_db()
    assert market.status == "draft"


def test_a_suspended_operator_can_do_nothing() -> None:
    market, dave = make_market(), make_dave()
    User.objects.filter(pk=dave.pk).update(is_active=False)
    with pytest.raises(ActionNotAllowed):
        halt_market(market_id=market.pk, actor_id=dave.pk, reason=WHY)


def test_an_unknown_market() -> None:
    with pytest.raises(MarketNotFound):
        close_market(market_id=10**15, actor_id=None)


def test_editing_a_draft() -> None:
    market = make_draft()
    spec = make_spec(question="Will it snow in Lisbon tomorrow?", liquidity_lots=5_000)
    assert edit_draft(market_id=market.pk, actor_id=market.creator_id, spec=spec) == 2
    slug = market.slug
    market.refresh_from_db()
    assert (market.question, market.slug, market.liquidity_lots) == (spec.question, slug, 5_000)
    assert _journal(market) == [(1, "created"), (2, "edited")]
