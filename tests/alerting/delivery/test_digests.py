"""Digests: queued once, of what is new and unread, with a way out."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from alerting.models import Channel, Delivery, Digest, DigestPace, Notification
from alerting.services._notices import write_notices
from alerting.services.deliver import deliver_channel
from alerting.services.provide_channels import EMAIL, provide_channels
from alerting.services.send_digests import send_digests
from alerting.services.set_digest import set_digest
from alerting.services.set_preferences import stop_letters
from tests.factories.accounts import make_alice, make_bob

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock_of_monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        provide_channels()
        yield traveller


def _notice(user: Any, key: str, *, kind: str = "mention", title: str = "Bob wrote to you: Rain?") -> None:
    write_notices([user.pk], kind=kind, key=key, title=title, text="<b>No</b> & yes", url="/markets/rain")


def test_what_is_new_and_unread_is_told_once(clock_of_monday: time_machine.Traveller) -> None:
    alice = make_alice()
    _notice(alice, "comment:1", title="Before it was asked for")
    clock_of_monday.shift(timedelta(seconds=1))
    set_digest(user_id=alice.pk, pace=DigestPace.DAILY)
    clock_of_monday.shift(timedelta(minutes=10))
    _notice(alice, "comment:2")
    _notice(alice, "comment:3", title="Read already")
    _notice(alice, "resolution:1", kind="resolution", title="Told by a letter of its own")
    Notification.objects.filter(key="comment:3").update(read_at=MONDAY)
    assert send_digests() == 0
    clock_of_monday.move_to(MONDAY + timedelta(hours=1))
    assert [send_digests(), send_digests()] == [1, 0]
    row = Delivery.objects.get()
    assert (row.recipient, row.reason, row.key) == ("alice@example.org", "digest", f"digest-{alice.pk}-20261123T0700")
    assert row.content["title"] == "Your day: 1 thing is new"
    (section,) = json.loads(row.content["payload"])
    assert [line["title"] for line in section["lines"]] == ["Bob wrote to you: Rain?"]
    clock_of_monday.move_to(MONDAY + timedelta(days=1, hours=2))
    assert send_digests() == 0
    assert Delivery.objects.count() == 1
    assert Digest.objects.get().next_at == MONDAY + timedelta(days=2, hours=1)


def test_the_letter_can_be_ended_with_one_click(clock_of_monday: time_machine.Traveller) -> None:
    alice = make_alice()
    set_digest(user_id=alice.pk, pace=DigestPace.WEEKLY)
    clock_of_monday.shift(timedelta(minutes=5))
    _notice(alice, "comment:2")
    clock_of_monday.shift(timedelta(hours=1))
    assert send_digests() == 1
    deliver_channel(channel_id=Channel.objects.get(name=EMAIL).pk)
    (letter,) = mail.outbox
    assert letter.subject == "Your week: 1 thing is new"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert address in letter.body
    assert "http://127.0.0.1:8000/markets/rain" in letter.body
    html = str(letter.alternatives[0][0])
    assert "&lt;b&gt;No&lt;/b&gt; &amp; yes" in html
    assert "<b>No</b>" not in html
    path = address.removeprefix("http://127.0.0.1:8000")
    strict = Client(enforce_csrf_checks=True)
    assert "Digests of what is new" in strict.get(path).content.decode()
    assert Digest.objects.exists()
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Digest.objects.exists()
    stop_letters(user_id=alice.pk, kind="digest")


def test_nothing_is_lost_while_nothing_can_be_sent(clock_of_monday: time_machine.Traveller) -> None:
    alice, bob = make_alice(), make_bob()
    for person in (alice, bob):
        set_digest(user_id=person.pk, pace=DigestPace.DAILY)
    type(bob).objects.filter(pk=bob.pk).update(email="")
    clock_of_monday.shift(timedelta(minutes=5))
    for person in (alice, bob):
        _notice(person, "comment:2")
    Channel.objects.filter(name=EMAIL).update(is_enabled=False)
    clock_of_monday.shift(timedelta(hours=1))
    assert send_digests() == 0
    assert not Delivery.objects.exists()
    Channel.objects.filter(name=EMAIL).update(is_enabled=True)
    clock_of_monday.shift(timedelta(days=1))
    assert send_digests() == 1
    assert Delivery.objects.get().user_id == alice.pk
    assert set(Digest.objects.values_list("next_at", flat=True)) == {MONDAY + timedelta(days=2, hours=1)}


def test_another_pace_keeps_what_was_told(clock_of_monday: time_machine.Traveller) -> None:
    alice = make_alice()
    set_digest(user_id=alice.pk, pace=DigestPace.DAILY)
    clock_of_monday.shift(timedelta(hours=3))
    set_digest(user_id=alice.pk, pace=DigestPace.DAILY)
    set_digest(user_id=alice.pk, pace=DigestPace.WEEKLY)
    row = Digest.objects.get()
    assert (row.pace, row.since, row.next_at) == ("weekly", MONDAY, MONDAY + timedelta(days=7, hours=1))
