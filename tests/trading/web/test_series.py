"""Series on pages: what takes place now, what comes, what came of the past; and how its keepers change it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.services.create_user import create_user
from accounts.types import Role
from common import clock
from markets.models import Series, SeriesEvent
from markets.services.place_event import place_event
from markets.services.save_series import create_series
from markets.types import Cadence, SeriesSpec
from tests.factories.accounts import make_alice, make_dave
from tests.factories.rows import row_market

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NAME = "Inflation / “months” & <more>"


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _maker() -> User:
    return create_user(handle="mallory", password="correct horse 71", roles=[Role.MARKET_MAKER])  # not-a-secret


def _series(name: str = NAME, slug: str = "inflation") -> Series:
    spec = SeriesSpec(name=name, slug=slug, cadence=Cadence.MONTHLY, description="One <b>\n\nTwo")
    return create_series(creator_id=make_dave().pk, spec=spec)


def _event(name: str, at: datetime, *, markets: int = 1, **fields: Any) -> None:
    for number in range(markets):
        row_market(f"{name}: above {number} %?", event_group=name, closes_at=at, **fields)
    place_event(slug="inflation", event=name, actor_id=User.objects.get(username="dave").pk)


def _line() -> None:
    """Three months that are over, one that ends now, one that goes on, two to come, and one of drafts."""
    _series()
    for month, payouts in ((1, [10_000, 0]), (2, [0, 10_000]), (3, [2_500, 7_500])):
        at = NOW - timedelta(days=30 * (4 - month))
        _event(f"Month {month}", at, status="resolved", payouts=payouts, resolved_at=at, markets=2)
    _event("Ends now", NOW, status="closed")
    _event("Goes on", NOW + timedelta(microseconds=1), markets=3)
    _event("Next", NOW + timedelta(days=30))
    _event("Last / odd?", NOW + timedelta(days=60))
    _event("Planned", NOW + timedelta(days=45), status="draft")


def _named(events: Any) -> list[str]:
    return [one.name for one in events]


def test_one_page_shows_now_next_and_what_came_of_the_past(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _line()
    # series, coming, past, markets and lines of the event, results, masthead
    with clock.replaying(NOW), django_assert_num_queries(7):
        answer = client.get("/series/inflation")
    page, text = answer.context["page"], answer.content.decode()
    assert (page.current.name, page.is_over, len(page.cards)) == ("Goes on", False, 3)
    assert _named(page.coming) == ["Next", "Last / odd?"]
    assert [past.event.name for past in page.past] == ["Ends now", "Month 3", "Month 2", "Month 1"]
    assert "Resolved: Yes" in text
    assert "Resolved in part" in text
    assert "Inflation / “months” &amp; &lt;more&gt;</h1>" in text
    assert "<p>One &lt;b&gt;</p>" in text
    assert "/events/Last%20/%20odd%3F" in text
    assert "Planned" not in text
    assert "/follow" not in text, "visitors don't follow"
    assert "/edit" not in text


def test_an_ended_series_shows_its_last_event_and_pages_through_the_others(client: Client) -> None:
    _series()
    for number in range(15):
        _event(f"Month {number:02}", NOW - timedelta(days=15 - number), status="closed")
    with clock.replaying(NOW):
        first = client.get("/series/inflation").context["page"]
        second = client.get(f"/series/inflation?cursor={first.next_cursor}").context["page"]
        odd = client.get("/series/inflation?cursor=odd").context["page"]
    assert (first.current.name, first.is_over) == ("Month 14", True)
    assert [past.event.name for past in first.past] == [f"Month {number:02}" for number in range(13, 2, -1)]
    assert second.current is None
    assert [past.event.name for past in second.past] == ["Month 02", "Month 01", "Month 00"]
    assert second.next_cursor is None
    assert odd.current == first.current


def test_an_event_with_many_markets_shows_a_few_results(client: Client) -> None:
    _series()
    _event("Old", NOW - timedelta(days=60), markets=8, status="closed")
    _event("Newer", NOW - timedelta(days=30), status="closed")
    with clock.replaying(NOW):
        answer = client.get("/series/inflation")
    (past,) = answer.context["page"].past
    assert (len(past.cards), past.more) == (6, 2)
    assert "2 more markets" in answer.content.decode()


def test_a_series_without_an_event_and_one_that_isnt_there(client: Client) -> None:
    _series()
    assert "No event yet" in client.get("/series/inflation").content.decode()
    assert client.get("/series/nothing").status_code == 404
    assert client.get("/series/nothing/edit").status_code == 302
    assert "0 events" in client.get("/series").content.decode()
    assert "There is no series" not in client.get("/series").content.decode()


def test_the_list_pages_and_tells_what_is_next(client: Client) -> None:
    for number in range(31):
        _series(f"Series {number}", f"s-{number}")
    row_market(event_group="cup")
    place_event(slug="s-30", event="cup", actor_id=User.objects.get(username="dave").pk)
    answer = client.get("/series")
    rows = [row for row, _ in answer.context["rows"]]
    assert [row.series.slug for row in rows] == [f"s-{number}" for number in range(30, 0, -1)]
    assert (rows[0].next_event, rows[0].events, rows[1].next_event, rows[1].events) == ("cup", 1, "", 0)
    older = client.get(f"/series?cursor={answer.context['next_cursor']}")
    assert [row.series.slug for row, _ in older.context["rows"]] == ["s-0"]


def test_pages_lead_to_the_series_and_lists_narrow_to_it(client: Client) -> None:
    _series()
    row_market("Other?")
    with clock.replaying(NOW):
        _event("Goes on", NOW + timedelta(days=1))
    market = row_market("Another?", event_group="Goes on")
    link = 'href="/series/inflation"'
    assert link in client.get("/events/Goes%20on").content.decode()
    assert link in client.get(f"/markets/{market.slug}").content.decode()
    assert link in client.get("/search/suggestions?q=MONTHS").content.decode()
    found = client.get("/?series=inflation")
    assert [card.market.question for card in found.context["page"].cards] == ["Another?", "Goes on: above 0 %?"]
    assert 'name="series" value="inflation"' in found.content.decode()
    assert client.get("/?series=nothing").context["page"].cards == ()
    assert "/series/inflation</loc>" in client.get("/sitemap.xml").content.decode()
    feed = client.get("/feeds/series/inflation.atom").content.decode()
    assert "Another?" in feed
    assert "Other?" not in feed.replace("Another?", "")
    assert client.get("/feeds/series/nothing.atom").status_code == 404


def test_a_maker_begins_a_series_and_gathers_events() -> None:
    maker = _maker()
    client = _client(maker)
    assert client.post("/creator/series", {"name": "ab", "cadence": "monthly"}).status_code == 422
    assert client.post("/creator/series", {"name": "日本語", "cadence": "monthly"}).status_code == 422
    made = client.post("/creator/series", {"name": "Rain", "cadence": "weekly", "description": "Of a week."})
    assert made.headers["Location"] == "/series/rain/edit"
    row_market(event_group="Week 1", creator=maker)
    row_market(event_group="cup")
    for event, status in (("cup", 422), ("nothing", 422), ("", 422), ("Week 1", 302)):
        assert client.post("/series/rain/edit", {"act": "place", "event": event}).status_code == status
    assert SeriesEvent.objects.values_list("name", "series__slug").get() == ("Week 1", "rain")
    assert client.post("/series/rain/edit", {"act": "save", "name": "Rain", "cadence": "daily"}).status_code == 302
    gone = client.post("/series/rain/edit", {"act": "out", "event": "nothing\0"}, follow=True)
    assert "The series has no such event." in gone.content.decode()
    row_market(event_group="Week 2", creator=maker, status="draft")
    assert client.post("/series/rain/edit", {"act": "place", "event": "Week 2"}).status_code == 302
    assert "Week 2" in client.get("/series/rain/edit").content.decode(), "its keeper sees what nobody else does"
    assert "Week 2" not in client.get("/series/rain").content.decode()
    assert client.post("/series/rain/edit", {"act": "out", "event": "Week 2"}).status_code == 302
    assert client.post("/series/rain/edit", {"act": "burn"}).status_code == 422
    assert "Week 1" in client.get("/series/rain/edit").content.decode()
    assert client.post("/series/rain/edit", {"act": "out", "event": "Week 1"}).status_code == 302
    assert Series.objects.values_list("name", "cadence", "description").get() == ("Rain", "daily", "")
    assert not SeriesEvent.objects.exists()


def test_others_neither_begin_nor_change_one() -> None:
    _series()
    alice, maker = _client(make_alice()), _client(_maker())
    assert alice.get("/creator/series").status_code == 403
    for client in (alice, maker):
        assert client.get("/series/inflation/edit").status_code == 403
        assert client.post("/series/inflation/edit", {"act": "save", "name": "Mine"}).status_code == 403
        assert "/series/inflation/edit" not in client.get("/series/inflation").content.decode()
    assert Client().post("/creator/series").headers["Location"].startswith("/accounts/login")
    assert Series.objects.get().name == NAME
