"""The pages of webhooks: made, seen, changed, tried and deleted without a script."""

from typing import Any

import pytest
from django.test import Client

from alerting.models import Delivery, WebhookEndpoint
from alerting.services.webhooks.save_endpoint import create_endpoint, update_endpoint
from tests.factories.accounts import make_alice, make_bob

pytestmark = pytest.mark.django_db
NEW = {
    "url": "https://bot.example.org/hooks?token=abc",
    "description": "bot",
    "events": ["order.filled"],
}  # not-a-secret
PATH = "/settings/webhooks"


@pytest.fixture
def alice(client: Client) -> Client:
    client.force_login(make_alice())
    return client


@pytest.fixture
def mine(alice: Client) -> int:
    url, events = "https://bot.example.org/hooks", ["order.filled"]
    return create_endpoint(user_id=make_alice().pk, url=url, events=events, description="bot").id


def _act(alice: Client, endpoint_id: int, act: str, **more: Any) -> Any:
    return alice.post(f"{PATH}/{endpoint_id}", {"act": act, **more}, follow=True)


def test_a_webhook_is_made_and_its_secret_shown_once(alice: Client) -> None:
    made = alice.post(PATH, NEW)
    assert made.status_code == 201
    page = made.content.decode()
    assert "whsec_" in page
    assert "token=abc" not in page
    assert "bot.example.org" in page
    again = alice.get(PATH).content.decode()
    assert "whsec_" not in again
    assert WebhookEndpoint.objects.get().events == ["order.filled"]


@pytest.mark.parametrize(
    ("field", "value"), [("url", "https://10.0.0.8/"), ("url", "http://example.org"), ("events", []), ("markets", "x")]
)
def test_what_cannot_be_used_is_told_beside_its_field(alice: Client, field: str, value: Any) -> None:
    answer = alice.post(PATH, NEW | {field: value})
    assert answer.status_code == 422
    assert 'class="field-error"' in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_everything_can_be_done_by_forms(alice: Client, mine: int) -> None:
    page = _act(alice, mine, "test", event="order.filled").content.decode()
    assert "A test is on its way" in page
    delivery = Delivery.objects.get()
    seen = alice.get(f"{PATH}/{mine}/deliveries/{delivery.pk}").content.decode()
    assert f"msg_{delivery.key}" in seen
    assert "Not tried yet." in seen
    Delivery.objects.update(status="dead", ended_at=delivery.created_at)
    assert "1 delivery goes again." in _act(alice, mine, "replay-failed").content.decode()
    Delivery.objects.update(status="delivered")
    assert "It goes again." in _act(alice, mine, "replay-one", delivery=delivery.pk).content.decode()
    assert "What was missed in 0 markets" in _act(alice, mine, "replay", days="7").content.decode()
    assert "whsec_" in _act(alice, mine, "rotate", hours="1").content.decode()
    assert "It is off." in _act(alice, mine, "switch").content.decode()
    assert "Switch it on first" not in alice.get(f"{PATH}/{mine}").content.decode()
    assert "Switch the webhook on first" in _act(alice, mine, "test").content.decode()
    assert "It is on again." in _act(alice, mine, "switch").content.decode()
    changed = {"url": "", "description": "two", "events": ["market.opened"], "markets": "7, 12"}
    assert "Saved." in _act(alice, mine, "change", **changed).content.decode()
    row = WebhookEndpoint.objects.get()
    assert (row.description, row.events, row.markets) == ("two", ["market.opened"], [7, 12])
    assert "The webhook is deleted." in _act(alice, mine, "delete").content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_a_change_that_cannot_be_used_changes_nothing(alice: Client, mine: int) -> None:
    answer = _act(alice, mine, "change", url="https://localhost/", events=["market.opened"], description="x")
    assert answer.status_code == 422
    assert WebhookEndpoint.objects.get().description == "bot"


@pytest.mark.parametrize("state", ["gone", "failing", "backlog", "owner"])
def test_how_it_stands_is_told(alice: Client, mine: int, state: str) -> None:
    update_endpoint(user_id=make_alice().pk, endpoint_id=mine, changes={"is_enabled": False})
    WebhookEndpoint.objects.update(switched_off=state)
    words = {"gone": "it answered 410", "failing": "failed for three days", "backlog": "too much", "owner": "off"}
    assert words[state] in alice.get(PATH).content.decode()


def test_pages_of_deliveries(alice: Client, mine: int) -> None:
    for _ in range(26):
        _act(alice, mine, "test", event="order.filled")
    first = alice.get(f"{PATH}/{mine}")
    assert first.content.decode().count("/deliveries/") == 25
    older = alice.get(f"{PATH}/{mine}", {"cursor": first.context["page"].next_cursor})
    assert older.content.decode().count("/deliveries/") == 1
    assert alice.get(f"{PATH}/{mine}", {"status": "dead"}).content.decode().count("/deliveries/") == 0
    assert alice.get(f"{PATH}/{mine}", {"cursor": "nonsense"}).status_code == 400


def test_others_find_nothing_and_visitors_sign_in(alice: Client, mine: int) -> None:
    stranger = Client()
    for path in (PATH, f"{PATH}/{mine}", f"{PATH}/{mine}/deliveries/1"):
        assert stranger.get(path).status_code == 302
    stranger.force_login(make_bob())
    assert stranger.get(f"{PATH}/{mine}").status_code == 404
    assert stranger.post(f"{PATH}/{mine}", {"act": "delete"}).status_code == 404
    assert alice.get(f"{PATH}/{mine}/deliveries/1").status_code == 404
    assert WebhookEndpoint.objects.exists()
