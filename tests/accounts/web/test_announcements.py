"""What staff announce, as readers see it and put it away."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.errors import AnnouncementInvalid
from accounts.models import Announcement, AuditRecord
from accounts.services.announce import AnnouncementSpec, announce, withdraw_announcement
from accounts.types import Audience, Role
from tests.factories.accounts import make_alice, make_dave, make_user

pytestmark = pytest.mark.django_db
NOON = datetime(2031, 12, 31, 12, tzinfo=UTC)


def _announce(title: str = "Maintenance tonight", **fields: Any) -> Announcement:
    given: dict[str, Any] = {
        "title": title,
        "text": "From 22:00, see https://example.org/status <b>now</b>",
        "audience": Audience.EVERYBODY,
        "starts_at": NOON,
        "ends_at": NOON + timedelta(hours=12),
        **fields,
    }
    return announce(actor_id=make_dave().pk, spec=AnnouncementSpec(**given))


def test_it_is_shown_in_its_period_only(client: Client) -> None:
    title = _announce().title
    shown = []
    for seconds in (-0.001, 0, 43_199.999, 43_200):
        with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
            shown.append(title in client.get("/").content.decode())
    assert shown == [False, True, True, False]


def test_its_text_is_escaped_and_linked(client: Client) -> None:
    _announce()
    with time_machine.travel(NOON, tick=False):
        html = client.get("/").content.decode()
    assert "&lt;b&gt;now&lt;/b&gt;" in html
    assert 'href="https://example.org/status"' in html


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        (Audience.EVERYBODY, ["", "alice", "mia", "dave"]),
        (Audience.MEMBERS, ["alice", "mia", "dave"]),
        (Audience.MAKERS, ["mia", "dave"]),
        (Audience.STAFF, ["dave"]),
    ],
)
def test_each_audience_reads_its_own(client: Client, audience: Audience, readers: list[str]) -> None:
    title = _announce(audience=audience).title
    people = {
        "alice": make_alice(),
        "mia": make_user("mia", roles=(Role.TRADER, Role.MARKET_MAKER)),
        "dave": make_dave(),
    }
    saw = []
    for name in ("", *people):
        client.logout()
        with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
            if name:
                client.force_login(people[name])
            if title in client.get("/docs/glossary").content.decode():
                saw.append(name)
    assert saw == readers


def test_a_reader_puts_it_away(client: Client) -> None:
    first, second = _announce("The first one"), _announce("The second one")
    with time_machine.travel(NOON, tick=False):
        answer = client.post(f"/announcements/{first.pk}/dismiss", {"next": "/docs/glossary"})
        assert answer["Location"] == "/docs/glossary"
        html = client.get("/").content.decode()
        assert first.title not in html
        assert second.title in html
        for next_page in ("https://evil.example/", "//evil.example", ""):
            answer = client.post(f"/announcements/{second.pk}/dismiss", {"next": next_page})
            assert answer["Location"] == "/"
        script = client.post(f"/announcements/{second.pk}/dismiss", headers={"X-Requested-With": "fetch"})
        assert script.status_code == 204
        assert "announcement.css" not in client.get("/").content.decode()
    assert client.get(f"/announcements/{first.pk}/dismiss").status_code == 405


@pytest.mark.parametrize("kept", ["", "x", "1.2.x", "-1", "9" * 30, ".".join("1" * 2_000)])
def test_an_odd_cookie_harms_nothing(client: Client, kept: str) -> None:
    title = _announce().title
    client.cookies["dismissed"] = kept
    with time_machine.travel(NOON, tick=False):
        assert client.get("/").status_code == 200
        assert client.post("/announcements/999999999999/dismiss").status_code == 302
    assert title


def test_staff_end_it_with_a_reason(client: Client) -> None:
    made = _announce()
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        withdraw_announcement(announcement_id=made.pk, actor_id=make_dave().pk, reason="It is done.")
        withdraw_announcement(announcement_id=made.pk, actor_id=make_dave().pk, reason="Again.")
        assert made.title not in client.get("/").content.decode()
    record = AuditRecord.objects.get(action="accounts.withdraw_announcement")
    assert (record.reason, record.after["ends_at"]) == ("It is done.", "2031-12-31T13:00:00.000Z")


def test_one_that_is_to_come_never_comes(client: Client) -> None:
    made = _announce()
    with time_machine.travel(NOON - timedelta(hours=1), tick=False):
        withdraw_announcement(announcement_id=made.pk, actor_id=make_dave().pk, reason="A mistake.")
    made.refresh_from_db()
    assert made.starts_at < made.ends_at < NOON


@pytest.mark.parametrize(
    "fields", [{"title": "ab"}, {"title": "a" * 121}, {"text": "a" * 1_001}, {"ends_at": NOON}, {"title": "a\x07bc"}]
)
def test_what_cannot_be_announced_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(AnnouncementInvalid):
        _announce(**fields)
    assert (Announcement.objects.count(), AuditRecord.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_pages_ask_nothing_more_for_it(client: Client) -> None:
    _announce()
    with time_machine.travel(NOON, tick=False):
        client.get("/docs/glossary")
        with CaptureQueriesContext(connection) as asked:
            assert "Maintenance" in client.get("/docs/glossary").content.decode()
    assert [one for one in asked.captured_queries if "accounts_announcement" in one["sql"]] == []


def test_staff_make_and_change_one_in_the_admin(client: Client) -> None:
    client.force_login(make_dave())
    sent = {
        "title": "Maintenance tonight",
        "text": "",
        "audience": "everybody",
        "starts_at_0": "2031-12-31",
        "starts_at_1": "12:00",
        "ends_at_0": "2031-12-31",
        "ends_at_1": "13:00",
    }
    answer = client.post("/admin/accounts/announcement/add/", sent)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    made = Announcement.objects.get()
    assert (made.starts_at, made.created_by) == (NOON, make_dave())
    client.post(f"/admin/accounts/announcement/{made.pk}/change/", {**sent, "title": "Maintenance now"})
    made.refresh_from_db()
    assert made.title == "Maintenance now"
    wrong = client.post("/admin/accounts/announcement/add/", {**sent, "ends_at_1": "12:00"})
    assert wrong.status_code == 200
    assert Announcement.objects.count() == 1
    client.post(f"/admin/accounts/announcement/{made.pk}/do/withdraw/", {"reason": "Done."})
    actions = list(AuditRecord.objects.order_by("id").values_list("action", flat=True))
    assert actions == [f"accounts.{verb}_announcement" for verb in ("add", "change", "withdraw")]
    client.force_login(make_alice())
    assert client.get("/admin/accounts/announcement/").status_code == 302
