from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from common import bus
from common.errors import DomainError
from markets.errors import ActionNotAllowed, MarketInvalid, SlugTaken
from markets.events import MarketCreated
from markets.models import Market, MarketEvent, MarketHead, Outcome
from markets.services.create_market import create_market
from markets.types import MarketKind
from tests.factories.accounts import make_alice, make_dave
from tests.factories.markets import make_spec, make_topic

pytestmark = pytest.mark.django_db


def test_a_draft_with_everything_that_belongs_to_it(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    seen: list[MarketCreated] = []
    monkeypatch.setitem(bus._handlers, MarketCreated, [seen.append])
    make_topic()
    dave = make_dave()
    names = ("Ann", "Ánn", "!?", "Ben", "ben 3")
    spec = make_spec(kind=MarketKind.CATEGORICAL, outcomes=names, question="Who wins the 2027 race?")
    with django_capture_on_commit_callbacks(execute=True):
        market = create_market(creator_id=dave.pk, spec=spec)
    market.refresh_from_db()
    assert (market.status, market.slug, market.creator_id) == ("draft", "who-wins-the-2027-race", dave.pk)
    assert [(o.index, o.name) for o in market.outcomes.all()] == list(enumerate(names))
    assert [o.slug for o in market.outcomes.all()] == ["ann", "ann--1", "outcome", "ben", "ben-3"]
    event = MarketEvent.objects.get()
    assert (event.market_id, event.seq, event.kind, event.actor_id) == (market.pk, 1, "created", dave.pk)
    assert event.data == {"question": "Who wins the 2027 race?", "kind": "categorical", "outcomes": list(names)}
    assert MarketHead.objects.get().seq == 1
    assert seen == [MarketCreated(market.pk, 1)]


def test_a_binary_market_has_yes_and_no() -> None:
    make_topic()
    market = create_market(creator_id=make_dave().pk, spec=make_spec())
    assert [(o.index, o.slug, o.name) for o in market.outcomes.all()] == [(0, "yes", "Yes"), (1, "no", "No")]


def test_the_same_question_gets_another_address() -> None:
    make_topic()
    spec = make_spec(question="Will it rain tomorrow?")
    first, second = (create_market(creator_id=make_dave().pk, spec=spec) for _ in range(2))
    assert first.slug == "will-it-rain-tomorrow"
    assert second.slug.startswith("will-it-rain-tomorrow-")


def test_a_question_without_letters_for_an_address() -> None:
    make_topic()
    assert (
        create_market(creator_id=make_dave().pk, spec=make_spec(question="明日は雨が降りますか？？")).slug == "market"
    )


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"topic": "nothing"}, MarketInvalid),
        ({"question": ""}, MarketInvalid),
        ({"slug": "taken"}, SlugTaken),
    ],
)
def test_refusals_store_nothing(fields: dict[str, Any], error: type[DomainError]) -> None:
    make_topic()
    create_market(creator_id=make_dave().pk, spec=make_spec(slug="taken"))
    with pytest.raises(error):
        create_market(creator_id=make_dave().pk, spec=make_spec(**fields))
    _only_one()


def test_traders_make_no_markets() -> None:
    make_topic()
    create_market(creator_id=make_dave().pk, spec=make_spec())
    with pytest.raises(ActionNotAllowed):
        create_market(creator_id=make_alice().pk, spec=make_spec())
    _only_one()


def _only_one() -> None:
    assert (Market.objects.count(), Outcome.objects.count(), MarketHead.objects.count()) == (1, 2, 1)
    assert MarketEvent.objects.count() == 1


def test_an_address_that_somebody_took_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    make_topic()
    dave, spec = make_dave(), make_spec(slug="taken")
    create_market(creator_id=dave.pk, spec=spec)
    monkeypatch.setattr("markets.services.create_market._free_slug", lambda asked: asked.slug)
    with pytest.raises(SlugTaken) as caught:
        create_market(creator_id=dave.pk, spec=spec)
    assert caught.value.errors[0].pointer == "/slug"
    assert Market.objects.count() == 1
