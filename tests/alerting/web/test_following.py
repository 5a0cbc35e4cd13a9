"""Topics are followed on their page and through the API, and new markets are told."""

from typing import Any

import pytest
from django.test import Client

from alerting.models import Digest, Notification, Subscription
from alerting.services.provide_channels import provide_channels
from alerting.services.tell_traders import tell_traders
from markets.models import Topic
from tests.factories.accounts import make_alice, make_bob, make_dave
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
