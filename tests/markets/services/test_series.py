"""Series are begun by whoever may make markets, changed by their own and by operators, and gather events in time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import AuditRecord, User
from accounts.services.create_user import create_user
from accounts.types import Role
from common import clock
from common.errors import DomainError
from markets.errors import (
    ActionNotAllowed,
    EventNotFound,
    EventTaken,
    SeriesInvalid,
    SeriesNameTaken,
    SeriesNotFound,
    SeriesNotYours,
)
from markets.models import Series, SeriesEvent
from markets.services.place_event import place_event, take_event_out, take_untold_events
from markets.services.save_series import create_series, edit_series
from markets.types import Cadence, SeriesSpec
from tests.factories.accounts import make_alice, make_dave
from tests.factories.rows import row_market

pytestmark = pytest.mark.django_db
JUNE, JULY = datetime(2031, 6, 30, tzinfo=UTC), datetime(2031, 7, 31, tzinfo=UTC)


def _maker(name: str = "mallory") -> User:
    return create_user(handle=name, password="correct horse 71", roles=[Role.MARKET_MAKER])  # not-a-secret


def _spec(name: str = "Monthly inflation", **fields: Any) -> SeriesSpec:
    return SeriesSpec(name=name, cadence=fields.pop("cadence", Cadence.MONTHLY), **fields)


def _refused(kind: type[DomainError], act: Any) -> str:
    before = list(Series.objects.values_list()), list(SeriesEvent.objects.values_list()), AuditRecord.objects.count()
    with pytest.raises(kind) as refusal:
        act()
    now = list(Series.objects.values_list()), list(SeriesEvent.objects.values_list()), AuditRecord.objects.count()
    assert now == before, "nothing changed"
    return str(refusal.value.detail)


def test_a_series_is_begun_and_changed() -> None:
    maker = _maker()
    made = create_series(creator_id=maker.pk, spec=_spec("  Größe   der Ernte ", description="Two\r\nlines"))
    assert (made.name, made.slug, made.description, made.cadence) == (
        "Größe der Ernte",
        "groe-der-ernte",
        "Two\nlines",
        "monthly",
    )
    edit_series(slug=made.slug, actor_id=maker.pk, spec=_spec("Harvest", cadence=Cadence.YEARLY))
    edit_series(slug=made.slug, actor_id=maker.pk, spec=_spec("Harvest", cadence=Cadence.YEARLY))
    made.refresh_from_db()
    assert (made.name, made.slug, made.description, made.cadence) == ("Harvest", "groe-der-ernte", "", "yearly")
    told = AuditRecord.objects.filter(object_type="markets.series").order_by("pk")
    assert [(one.action, one.before) for one in told] == [
        ("markets.create_series", {}),
        (
            "markets.edit_series",
            {"name": "Größe der Ernte", "description": "Two\nlines", "cadence": "monthly"},
        ),
    ], "a change of nothing isn't recorded"


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (_spec("ab"), "The name is shorter than 3 characters"),
        (_spec("x" * 81), "The name is longer than 80"),
        (_spec("bad \x01 name"), "The name holds control characters"),
        (_spec("Fine", description="x" * 1_001), "The description is longer than 1000"),
        (_spec("日本語の月次"), "The slug has to be"),
        (_spec("Fine", slug="Not a slug"), "The slug has to be"),
        (_spec("Fine", slug="x" * 61), "The slug has to be"),
    ],
)
def test_odd_words_are_refused(spec: SeriesSpec, said: str) -> None:
    maker = _maker()
    assert said in _refused(SeriesInvalid, lambda: create_series(creator_id=maker.pk, spec=spec))


def test_names_and_addresses_are_taken_once() -> None:
    maker = _maker()
    create_series(creator_id=maker.pk, spec=_spec())
    other = create_series(creator_id=maker.pk, spec=_spec("Other"))
    for spec in (_spec(), _spec(slug="another"), _spec("Another", slug="monthly-inflation")):
        _refused(SeriesNameTaken, lambda spec=spec: create_series(creator_id=maker.pk, spec=spec))
    _refused(SeriesNameTaken, lambda: edit_series(slug=other.slug, actor_id=maker.pk, spec=_spec()))


def test_only_its_own_and_operators_change_it() -> None:
    maker, alice = _maker(), make_alice()
    _refused(ActionNotAllowed, lambda: create_series(creator_id=alice.pk, spec=_spec()))
    slug = create_series(creator_id=maker.pk, spec=_spec()).slug
    stranger = _maker("trent")
    for actor in (alice, stranger):
        _refused(SeriesNotYours, lambda actor=actor: edit_series(slug=slug, actor_id=actor.pk, spec=_spec("New name")))
    _refused(SeriesNotFound, lambda: edit_series(slug="nothing", actor_id=maker.pk, spec=_spec("New name")))
    assert edit_series(slug=slug, actor_id=make_dave().pk, spec=_spec("New name")).name == "New name"
    maker.is_active = False
    maker.save()
    _refused(SeriesNotYours, lambda: edit_series(slug=slug, actor_id=maker.pk, spec=_spec("Mine")))


def test_events_are_placed_once_where_their_markets_end() -> None:
    maker = _maker()
    slug = create_series(creator_id=maker.pk, spec=_spec()).slug
    row_market("June?", event_group="June / 2031", closes_at=JUNE, creator=maker)
    row_market("Later?", event_group="June / 2031", closes_at=JULY, creator=maker, status="draft")
    row_market("Void?", event_group="June / 2031", closes_at=JULY, creator=maker, status="void")
    row_market("July?", event_group="July", closes_at=JULY, creator=maker, status="draft")
    for event in ("June / 2031", "July", "July"):
        place_event(slug=slug, event=event, actor_id=maker.pk)
    assert list(SeriesEvent.objects.values_list("name", "at")) == [("June / 2031", JUNE), ("July", JULY)]
    assert AuditRecord.objects.filter(action="markets.place_event").count() == 2
    other = create_series(creator_id=maker.pk, spec=_spec("Other")).slug
    assert "monthly-inflation" in _refused(EventTaken, lambda: place_event(slug=other, event="July", actor_id=maker.pk))
    take_event_out(slug=slug, event="July", actor_id=maker.pk)
    place_event(slug=other, event="July", actor_id=maker.pk)
    _refused(EventNotFound, lambda: take_event_out(slug=slug, event="July", actor_id=maker.pk))


def test_events_of_others_are_placed_by_operators_only() -> None:
    maker, dave = _maker(), make_dave()
    slug = create_series(creator_id=maker.pk, spec=_spec()).slug
    row_market(event_group="cup")
    row_market(event_group="secret", status="draft")
    _refused(SeriesNotYours, lambda: place_event(slug=slug, event="cup", actor_id=maker.pk))
    for event in ("nothing", "", "secret"):
        _refused(EventNotFound, lambda event=event: place_event(slug=slug, event=event, actor_id=maker.pk))
    place_event(slug=slug, event="cup", actor_id=dave.pk)
    _refused(EventNotFound, lambda: place_event(slug=slug, event="nothing", actor_id=dave.pk))


def test_untold_events_are_taken_once_with_their_end_of_now() -> None:
    maker = _maker()
    slug = create_series(creator_id=maker.pk, spec=_spec()).slug
    market = row_market(event_group="cup", closes_at=JUNE, creator=maker)
    place_event(slug=slug, event="cup", actor_id=maker.pk)
    market.closes_at = JUNE + timedelta(days=1)
    market.save()
    now = datetime(2030, 1, 1, tzinfo=UTC)
    with clock.replaying(now):
        (told,) = take_untold_events(5)
    assert (told.event, told.slug, told.series, told.open_markets) == ("cup", slug, "Monthly inflation", (market.pk,))
    assert take_untold_events(5) == []
    assert SeriesEvent.objects.values_list("at", "told_at").get() == (market.closes_at, now)


def test_an_event_whose_only_draft_has_left_it_keeps_its_place() -> None:
    maker = _maker()
    slug = create_series(creator_id=maker.pk, spec=_spec()).slug
    draft = row_market(event_group="cup", closes_at=JUNE, creator=maker, status="draft")
    place_event(slug=slug, event="cup", actor_id=maker.pk)
    draft.event_group = ""
    draft.save()
    (told,) = take_untold_events(5)
    assert (told.open_markets, SeriesEvent.objects.get().at) == ((), JUNE)
