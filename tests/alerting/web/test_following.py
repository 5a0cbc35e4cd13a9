"""Topics are followed on their page and through the API, and new markets are told."""

from typing import Any

import pytest
from django.test import Client

from alerting.models import Digest, Notification, Subscription
from alerting.services.provide_channels import provide_channels
from alerting.services.tell_traders import tell_traders
from alerting.tasks.deliver import tell_traders as tell_traders_task
from markets.models import Topic
from markets.services.place_event import place_event
from markets.services.save_series import create_series
from markets.types import Cadence, SeriesSpec
from tests.factories.accounts import make_alice, make_bob, make_dave
from tests.factories.rows import row_market
from tests.factories.trading import live_market
from tests.trading.api.conftest import Api, api_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    provide_channels()
    found: Topic = live_market().topic
    assert tell_traders() == 0
    return found


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_followers_are_told_of_a_new_market_once(topic: Topic) -> None:
    alice, bob = make_alice(), make_bob()
    path = f"/topics/{topic.slug}/follow"
    assert _client(alice).post(path, {"follow": "yes"}).headers["Location"] == f"/topics/{topic.slug}"
    part = _client(bob).post(path, {"follow": "yes"}, headers={"X-Requested-With": "fetch"}).content.decode()
    assert 'aria-pressed="true"' in part
    _client(bob).post(path, {"follow": "no"})
    market = live_market(topic=topic.slug)
    tell_traders()
    tell_traders()
    rows = Notification.objects.filter(kind="new_market").values_list("user_id", "title", "url")
    assert list(rows) == [(alice.pk, market.question, f"/markets/{market.slug}")]
    assert topic.name in _client(alice).get("/watchlist").content.decode()


def test_what_there_isnt_cant_be_followed(topic: Topic) -> None:
    alice = _client(make_alice())
    assert alice.post("/topics/nothing/follow", {"follow": "yes"}).status_code == 404
    assert Client().post(f"/topics/{topic.slug}/follow").headers["Location"].startswith("/accounts/login")
    assert "Follow" in alice.get(f"/topics/{topic.slug}").content.decode()
    assert "/follow" not in Client().get(f"/topics/{topic.slug}").content.decode()
    assert "<h1>" in alice.get(f"/topics/{topic.slug}/follow").content.decode()
    assert not Subscription.objects.exists()


def test_through_the_api(topic: Topic) -> None:
    reader, writer = api_of(make_dave(), "read"), api_of(make_alice(), "read", "trade")
    anonymous = Api(make_bob(), "")
    assert {"slug": topic.slug, "name": topic.name} in anonymous.get("/topics").json()["items"]
    path = f"/follows/topic/{topic.slug}"
    assert (anonymous.put(path).status_code, reader.put(path).status_code) == (401, 403)
    assert writer.put("/follows/topic/nothing").json()["code"] == "follow.not_found"
    assert not Subscription.objects.exists()
    mine = {"items": [{"kind": "topic", "slug": topic.slug, "name": topic.name}]}
    assert [writer.put(path).json(), writer.put(path).json(), writer.get("/follows").json()] == [mine] * 3
    assert reader.get("/follows").json() == {"items": []}
    assert [writer.delete(path).json() for _ in range(2)] == [{"items": []}] * 2


def test_a_digest_is_asked_for_on_the_page_of_settings() -> None:
    alice = _client(make_alice())
    assert 'name="digest" value="" checked' in alice.get("/settings/notifications").content.decode()
    alice.post("/settings/notifications", {"digest": "weekly"})
    assert 'value="weekly" checked' in alice.get("/settings/notifications").content.decode()
    alice.post("/settings/notifications", {"digest": "hourly"})
    assert not Digest.objects.exists()


def test_followers_of_a_series_are_told_of_each_market_and_of_a_placed_event(topic: Topic) -> None:
    alice, dave = make_alice(), make_dave()
    series = create_series(creator_id=dave.pk, spec=SeriesSpec(name="Rain & more", cadence=Cadence.DAILY))
    path = f"/series/{series.slug}/follow"
    assert _client(alice).post(path, {"follow": "yes"}).headers["Location"] == f"/series/{series.slug}"
    assert "/series/rain-more/follow" in _client(alice).get("/series/rain-more").content.decode()
    first = live_market(topic=topic.slug, event_group="Monday")
    assert _told() == []
    place_event(slug=series.slug, event="Monday", actor_id=dave.pk)
    assert _told() == [(alice.pk, "Rain & more", "Monday is open for trading.", "/series/rain-more")], "it was open"
    second = live_market(topic=topic.slug, event_group="Monday", slug="second")
    row_market(event_group="Tuesday", status="draft")
    place_event(slug=series.slug, event="Tuesday", actor_id=dave.pk)
    assert _told()[1:] == [
        (alice.pk, second.question, "A new market is open for trading.", f"/markets/{second.slug}"),
    ], f"not of {first.slug}, which was open before, nor of drafts"
    assert "Rain &amp; more" in _client(alice).get("/watchlist").content.decode()
    _client(alice).post(path, {"follow": "no"})
    live_market(topic=topic.slug, event_group="Monday", slug="third")
    assert len(_told()) == 2
    assert _client(alice).post("/series/nothing/follow").status_code == 404


def _told() -> list[Any]:
    tell_traders_task()
    tell_traders_task()
    rows = Notification.objects.filter(kind="new_market").order_by("id")
    return list(rows.values_list("user_id", "title", "text", "url"))


def test_who_follows_topic_and_series_is_told_once_and_its_maker_never(topic: Topic) -> None:
    alice, dave = make_alice(), make_dave()
    series = create_series(creator_id=dave.pk, spec=SeriesSpec(name="Rain", cadence=Cadence.DAILY))
    row_market(event_group="Monday", status="draft")
    place_event(slug=series.slug, event="Monday", actor_id=dave.pk)
    writer = api_of(alice, "read", "trade")
    for subject in (f"topic/{topic.slug}", "series/rain"):
        assert writer.put(f"/follows/{subject}").status_code == 200
    assert [one["kind"] for one in writer.get("/follows").json()["items"]] == ["topic", "series"]
    _client(dave).post("/series/rain/follow", {"follow": "yes"})
    market = live_market(topic=topic.slug, event_group="Monday")
    assert [(user_id, url) for user_id, *_, url in _told()] == [(alice.pk, f"/markets/{market.slug}")]
    assert writer.delete("/follows/series/rain").json()["items"] == [
        {"kind": "topic", "slug": topic.slug, "name": topic.name}
    ]
    assert writer.put("/follows/series/nothing").json()["code"] == "follow.not_found"
