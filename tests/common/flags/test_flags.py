"""Flags: declared, switched with a record, followed by other processes."""

import threading
import time
from typing import Any

import pytest
from django.db import InterfaceError
from django.test import Client

from accounts.models import AuditRecord, User
from common.flags import reading
from common.flags.declared import EXPORTS_OPEN, FLAGS, SIGN_UP_OPEN
from common.flags.nudge import tell_processes
from common.flags.reading import Switches, is_on, stored_values
from common.flags.switch import provide_flags, switch_flag
from common.jobs.errors import JobsPaused
from common.models import Flag, Job
from tests.factories.accounts import make_dave
from trading.services.request_statement import request_statement

SIGN_UP = {
    "username": "erin",
    "email": "erin@example.org",
    "password1": "three words together",
    "password2": "three words together",
}


@pytest.mark.django_db
def test_a_flag_is_as_declared_until_it_is_switched() -> None:
    Flag.objects.update(is_on=None)
    assert (is_on(SIGN_UP_OPEN), stored_values()) == (True, {name: spec.is_on for name, spec in FLAGS.items()})
    dave = make_dave()
    switch_flag(name="sign_up_open", is_on=False, actor_id=dave.pk, reason="A flood of bots.", ip="192.0.2.1")
    assert (is_on(SIGN_UP_OPEN), is_on(EXPORTS_OPEN)) == (False, True)
    switch_flag(name="sign_up_open", is_on=None, actor_id=dave.pk, reason="Over.")
    assert is_on(SIGN_UP_OPEN) is True
    records = AuditRecord.objects.filter(action="common.switch_flag").order_by("id")
    assert [(r.actor_id, r.reason, r.before, r.after, r.object_type, r.ip) for r in records] == [
        (dave.pk, "A flood of bots.", {"is_on": None}, {"is_on": False}, "common.flag", "192.0.2.1"),
        (dave.pk, "Over.", {"is_on": False}, {"is_on": None}, "common.flag", None),
    ]


@pytest.mark.django_db
def test_rows_follow_the_declarations() -> None:
    Flag.objects.create(name="gone", is_on=True)
    provide_flags()
    assert set(Flag.objects.values_list("name", flat=True)) == set(FLAGS)


@pytest.mark.django_db
def test_closing_the_sign_up(client: Client) -> None:
    assert b"Make my account" in client.get("/accounts/signup/").content
    switch_flag(name="sign_up_open", is_on=False, actor_id=None, reason="Closed.")
    assert b"Sign-up is closed" in client.get("/accounts/signup/").content
    assert b"Sign-up is closed" in client.post("/accounts/signup/", SIGN_UP).content
    assert not User.objects.filter(username="erin").exists()


@pytest.mark.django_db
def test_pausing_exports() -> None:
    switch_flag(name="exports_open", is_on=False, actor_id=None, reason="The disk is nearly full.")
    with pytest.raises(JobsPaused):
        request_statement(user_id=1)
    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_another_process_follows_at_once_and_without_redis_at_its_next_look(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FLAGS_POLL_S = 30.0
    switches = Switches()
    monkeypatch.setattr(reading, "_switches", switches)
    assert is_on(SIGN_UP_OPEN) is True
    assert "flags" in {thread.name for thread in threading.enumerate()}
    # The switch of another process: its row, then its message.
    Flag.objects.update_or_create(name="sign_up_open", defaults={"is_on": False})
    _wait_until(lambda: _told() and not is_on(SIGN_UP_OPEN))
    settings.FLAGS_POLL_S = 0.05
    tell_processes("sign_up_open")
    Flag.objects.filter(name="sign_up_open").update(is_on=True)
    _wait_until(lambda: is_on(SIGN_UP_OPEN))
    switches.stop()


def test_a_connection_that_broke_ends_no_thread(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FLAGS_POLL_S = 0.01
    answers = iter([InterfaceError("the connection is closed")])

    def stored() -> dict[str, bool]:
        for error in answers:
            raise error
        return {"sign_up_open": False}

    monkeypatch.setattr(reading, "stored_values", stored)
    switches = Switches()
    assert switches.first() == {"sign_up_open": False}
    switches.stop()


def _told() -> bool:
    # Again and again, since nobody knows when the thread has begun to listen.
    tell_processes("sign_up_open")
    return True


def _wait_until(condition: Any) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)
