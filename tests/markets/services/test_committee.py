"""Markets that a committee decides: its members vote, the rest follows."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import AuditRecord, User
from common import clock
from markets.errors import ActionNotAllowed, MarketInvalid, ResolutionInvalid, VoteOver, WrongStatus
from markets.models import CommitteeSeat, Market, MarketEvent
from markets.services.cast_vote import cast_vote
from markets.services.close_market import close_market
from markets.services.end_vote import end_due_votes
from markets.services.propose_resolution import propose_resolution
from markets.types import MarketKind, ResolutionPolicy, ScaleSpec
from tests.factories.accounts import make_alice, make_bob, make_dave, make_user
from tests.factories.markets import make_draft, make_market
from tests.factories.trading import fund, live_market, place

pytestmark = pytest.mark.django_db
COMMITTEE = ResolutionPolicy.COMMITTEE
YES, NO = (10_000, 0), (0, 10_000)
WHY = "The station reports 4 mm."


def members(number: int = 3) -> list[User]:
    return [make_user(f"member{i}") for i in range(number)]


def closed_market(number: int = 3, **fields: Any) -> tuple[Market, list[User]]:
    people = members(number)
    handles = tuple(user.username for user in people)
    market = make_market(resolution_policy=COMMITTEE, committee=handles, vote_window_s=7_200, **fields)
    close_market(market_id=market.pk, actor_id=None)
    market.refresh_from_db()
    return market, people


def end(market: Market) -> int:
    Market.objects.filter(pk=market.pk).update(vote_ends_at=clock.now() - timedelta(seconds=1))
    found = end_due_votes()
    market.refresh_from_db()
    return found


def test_the_vote_begins_with_the_close_and_its_majority_is_proposed() -> None:
    now = clock.now()
    with time_machine.travel(now, tick=False):
        market, (ann, ben, cem) = closed_market()
    assert market.vote_ends_at == now + timedelta(hours=2)
    assert end_due_votes() == 0
    cast_vote(market_id=market.pk, actor_id=ann.pk, payouts=NO, reason="I was there.")
    cast_vote(market_id=market.pk, actor_id=ben.pk, payouts=YES, reason=WHY)
    cast_vote(market_id=market.pk, actor_id=cem.pk, payouts=NO, reason="I saw no rain.")
    cast_vote(market_id=market.pk, actor_id=cem.pk, payouts=YES, reason="I have read the report since.")
    assert end(market) == 1
    assert end(market) == 0
    assert (market.status, market.proposed_payouts, market.proposed_by_id) == ("proposed", [10_000, 0], None)
    assert market.proposal_reason == "The committee decided by 2 of 3 votes, 3 seats."
    votes = MarketEvent.objects.filter(market=market, kind="vote_cast").order_by("seq")
    assert [(vote.actor_id, vote.data["payouts"]) for vote in votes] == [
        (ann.pk, list(NO)), (ben.pk, list(YES)), (cem.pk, list(NO)), (cem.pk, list(YES)),
    ]  # fmt: skip
    assert AuditRecord.objects.filter(action="markets.vote").count() == 4


@pytest.mark.parametrize(
    ("said", "word"), [([YES], "Only 1 of 3 members"), ([YES, NO], "divided"), ([], "Only 0 of 3 members")]
)
def test_without_a_decision_staff_take_over(said: list[tuple[int, int]], word: str) -> None:
    market, people = closed_market()
    for user, payouts in zip(people, said, strict=False):
        cast_vote(market_id=market.pk, actor_id=user.pk, payouts=payouts, reason=WHY)
    assert end(market) == 0
    assert (market.status, market.proposed_payouts, market.is_staff_turn) == ("closed", None, True)
    record = MarketEvent.objects.filter(market=market).latest("seq")
    assert (record.kind, word in record.data["reason"]) == ("staff_called", True)
    with pytest.raises(VoteOver):
        cast_vote(market_id=market.pk, actor_id=people[2].pk, payouts=YES, reason=WHY)
    propose_resolution(market_id=market.pk, actor_id=make_dave().pk, payouts=YES, reason=WHY)


def test_a_value_of_a_scale() -> None:
    market, people = closed_market(kind=MarketKind.NUMERIC, scale=ScaleSpec(lower="0", upper="30", buckets=3))
    for user, value in zip(people, ("12", "12.0", "25"), strict=True):
        cast_vote(market_id=market.pk, actor_id=user.pk, value=value, reason=WHY)
    assert end(market) == 1
    assert (market.proposed_payouts, str(market.proposed_value)) == ([0, 10_000, 0], "12.000000")


def test_who_isnt_asked_says_nothing() -> None:
    market, people = closed_market()
    before = list(CommitteeSeat.objects.order_by("pk").values())
    head = MarketEvent.objects.filter(market=market).count()
    for user in (make_alice(), make_dave(), market.creator):
        with pytest.raises(ActionNotAllowed):
            cast_vote(market_id=market.pk, actor_id=user.pk, payouts=YES, reason=WHY)
        with pytest.raises(ActionNotAllowed):
            propose_resolution(market_id=market.pk, actor_id=user.pk, payouts=YES, reason=WHY)
    User.objects.filter(pk=people[0].pk).update(is_active=False)
    with pytest.raises(ActionNotAllowed):
        cast_vote(market_id=market.pk, actor_id=people[0].pk, payouts=YES, reason=WHY)
    with pytest.raises(ResolutionInvalid):
        cast_vote(market_id=market.pk, actor_id=people[1].pk, payouts=(9_000, 0), reason=WHY)
    with pytest.raises(MarketInvalid):
        cast_vote(market_id=market.pk, actor_id=people[1].pk, payouts=YES, reason=" ")
    assert market.vote_ends_at is not None
    with time_machine.travel(market.vote_ends_at, tick=False), pytest.raises(VoteOver):
        cast_vote(market_id=market.pk, actor_id=people[1].pk, payouts=YES, reason=WHY)
    assert list(CommitteeSeat.objects.order_by("pk").values()) == before
    assert MarketEvent.objects.filter(market=market).count() == head


def test_no_vote_while_trading_goes_on() -> None:
    people = members()
    market = make_market(resolution_policy=COMMITTEE, committee=tuple(user.username for user in people))
    with pytest.raises(WrongStatus):
        cast_vote(market_id=market.pk, actor_id=people[0].pk, payouts=YES, reason=WHY)
    assert not CommitteeSeat.objects.exclude(voted_at=None).exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"resolution_policy": COMMITTEE},
        {"resolution_policy": COMMITTEE, "committee": ("member0", "member1")},
        {"resolution_policy": COMMITTEE, "committee": ("member0", "member1", "member1")},
        {"resolution_policy": COMMITTEE, "committee": ("member0", "member1", "nobody")},
        {"committee": ("member0", "member1", "member2")},
    ],
)
def test_a_wrong_committee_makes_no_market(fields: dict[str, Any]) -> None:
    members()
    with pytest.raises(MarketInvalid) as refused:
        make_draft(**fields)
    assert [error.pointer for error in refused.value.errors] == ["/committee"]
    assert not Market.objects.exists()


def test_postgresql_lets_each_member_have_one_seat_and_no_vote_without_a_reason() -> None:
    market, people = closed_market()
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitteeSeat.objects.create(market=market, member=people[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        CommitteeSeat.objects.update(voted_at=clock.now(), payouts=list(YES), reason="")


def test_the_page_tells_who_has_something_to_win(client: Client) -> None:
    ann, bob = fund(make_user("member0")), fund(make_bob())
    handles = tuple(user.username for user in members())
    market = live_market(resolution_policy=COMMITTEE, committee=handles)
    place(ann, market, price=0.6, shares=10)
    place(bob, market, "buy", 1, price=0.4, shares=10)
    close_market(market_id=market.pk, actor_id=None)
    seats = client.get(f"/api/v1/markets/{market.pk}/committee").json()["seats"]
    assert [(seat["member"], seat["holds_shares"]) for seat in seats] == [
        ("member0", True), ("member1", False), ("member2", False),
    ]  # fmt: skip
    client.force_login(ann)
    page = client.get(f"/markets/{market.slug}/").content.decode()
    assert page.count("holds shares") == 1
    assert "Cast this vote" in page
    answer = client.post(f"/markets/{market.slug}/vote/", {"result": "yes", "reason": "x"})
    assert answer.status_code == 422
    assert not CommitteeSeat.objects.exclude(voted_at=None).exists()
    assert client.post(f"/markets/{market.slug}/vote/", {"result": "yes", "reason": WHY}).status_code == 302
    page = client.get(f"/markets/{market.slug}/").content.decode()
    assert WHY in page
    assert re.search(r'<ul class="tally".*?<strong>Yes</strong>.*?1 vote<', page, re.DOTALL), "how the votes stand"
    client.force_login(bob)
    assert client.post(f"/markets/{market.slug}/vote/", {"result": "no", "reason": WHY}).status_code == 403
    assert CommitteeSeat.objects.exclude(voted_at=None).count() == 1
