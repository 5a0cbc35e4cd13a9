"""The pages of notifications, and the links of messages."""

from typing import Any

import pytest
import time_machine
from django.test import Client

from alerting.models import Alert, Incident, Notification, NotificationPreference, Watch
from alerting.selectors.preferences import own_preferences
from alerting.services._acknowledge_link import acknowledge_url
from alerting.services._notices import write_notices
from alerting.services._unsubscribe_link import unsubscribe_url
from alerting.services.watch_market import watch_market
from common import clock
from tests.factories.accounts import make_alice, make_bob
from tests.factories.trading import live_market

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client: Client) -> Client:
    client.force_login(make_alice())
    return client


def _notice(title: str = "A fill", key: str = "fill:1") -> int:
    write_notices([make_alice().pk], kind="fill", key=key, title=title, text="<b>all</b>", url="/markets/x")
    return Notification.objects.get(key=key).pk


def test_the_list_shows_what_is_new_until_it_is_read(alice: Client) -> None:
    first = _notice()
    write_notices([make_bob().pk], kind="fill", key="fill:2", title="Of bob")
    page = alice.get("/notifications").content.decode()
    assert '<a href="/markets/x">A fill</a>' in page
    assert "&lt;b&gt;all&lt;/b&gt;" in page
    assert "New: " in page
    assert "Of bob" not in page
    later = _notice("Another", "fill:3")
    assert later > first
    assert alice.post("/notifications/read", {"upto": first}).status_code == 302
    assert list(Notification.objects.filter(read_at=None, user=make_alice()).values_list("pk", flat=True)) == [later]


def test_told_again_it_is_one_line_and_new_again(alice: Client) -> None:
    first = _notice()
    alice.post("/notifications/read", {"upto": first})
    assert _notice("More of it") == first
    row = Notification.objects.get()
    assert (row.title, row.read_at) == ("More of it", None)


@pytest.mark.parametrize("path", ["/notifications", "/settings/notifications", "/markets/x/watch"])
def test_visitors_sign_in_first(path: str, client: Client) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


def test_pages_of_a_list(alice: Client) -> None:
    for number in range(35):
        _notice(f"Line {number}", f"fill:{number}")
    page = alice.get("/notifications")
    assert page.content.decode().count('class="notice new"') == 30
    older = alice.get("/notifications", {"cursor": page.context["next"]})
    assert older.content.decode().count('class="notice new"') == 5
    assert alice.get("/notifications", {"cursor": "nonsense"}).status_code == 400


def test_wishes_are_kept(alice: Client) -> None:
    assert "checked" in alice.get("/settings/notifications").content.decode()
    assert alice.post("/settings/notifications", {"fill-email": "on", "mention-in_app": "on"}).status_code == 302
    wishes = {kind: (wish.in_app, wish.email) for kind, wish in own_preferences(make_alice().pk).items()}
    assert wishes == {
        "fill": (False, True),
        "resolution": (False, False),
        "vote": (False, False),
        "mention": (True, False),
        "follow": (False, False),
        "new_market": (False, False),
        "price_move": (False, False),
        "webhook": (False, False),
        "moderation": (False, False),
        "security": (False, False),
    }


def test_one_click_ends_letters_without_a_session(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    path = unsubscribe_url(make_alice().pk, "resolution").removeprefix("http://127.0.0.1:8000")
    assert "Stop these letters?" in strict.get(path).content.decode()
    assert not NotificationPreference.objects.exists()
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    row = NotificationPreference.objects.get()
    assert (row.user_id, row.kind, row.in_app, row.email) == (make_alice().pk, "resolution", True, False)
    assert strict.post(path[:-3] + "abc").status_code == 404


def test_a_market_is_watched_and_no_longer(alice: Client) -> None:
    market = live_market()
    path = f"/markets/{market.slug}/watch"
    fetch = {"X-Requested-With": "fetch"}
    assert 'aria-pressed="false"' in alice.get(path, headers=fetch).content.decode()
    assert 'aria-pressed="true"' in alice.post(path, {"watch": "yes"}, headers=fetch).content.decode()
    assert Watch.objects.get().market_id == market.pk
    assert alice.post(path, {"watch": "no"}).status_code == 302
    assert not Watch.objects.exists()
    assert alice.get("/markets/unknown/watch").status_code == 404
    assert "<h1>" in alice.get(path).content.decode()


def _alert() -> Alert:
    now = clock.now()
    incident = Incident.objects.create(title="CPU", severity=3, started_at=now, last_at=now)
    return Alert.objects.create(
        rule_name="CPU", incident=incident, fingerprint="f", labels={}, state="alerting", severity=3,
        reason="cpu_usage is 97", started_at=now,
    )  # fmt: skip


def test_the_link_asks_and_its_answer_acknowledges(client: Client) -> None:
    alert = _alert()
    path = acknowledge_url(str(alert.pk), "room").removeprefix("http://127.0.0.1:8000")
    strict = Client(enforce_csrf_checks=True)
    assert "cpu_usage is 97" in strict.get(path).content.decode()
    assert Incident.objects.get().acknowledged_by == ""
    assert "Acknowledged." in strict.post(path).content.decode()
    assert Incident.objects.get().acknowledged_by == "link in room"


def test_a_link_that_is_not_ours_or_has_lapsed_does_nothing(client: Client) -> None:
    alert = _alert()
    path = acknowledge_url(str(alert.pk), "room").removeprefix("http://127.0.0.1:8000")
    assert client.post(path[:-4] + "abcd").status_code == 404
    with time_machine.travel(clock.now().timestamp() + 86_401):
        assert client.post(path).status_code == 404
    assert Incident.objects.get().acknowledged_by == ""


def test_the_watchlist_tells_prices_and_only_ones_own(alice: Client, django_assert_max_num_queries: Any) -> None:
    assert alice.get("/watchlist").content.count(b"You watch no market") == 1
    rain, snow = live_market(slug="rain", question="Will it rain?"), live_market(slug="snow")
    watch_market(user_id=make_alice().pk, market_id=rain.pk)
    watch_market(user_id=make_bob().pk, market_id=snow.pk)
    with django_assert_max_num_queries(11):
        page = alice.get("/watchlist")
    assert [(one.slug, one.outcome, one.price) for one in page.context["watched"]] == [("rain", "Yes", 500_000)]
    assert alice.post("/markets/rain/watch", {"watch": "no"}).status_code == 302
    assert alice.get("/watchlist").context["watched"] == ()
    assert Client().get("/watchlist").status_code == 302
