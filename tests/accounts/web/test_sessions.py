"""Where a person is signed in: the list, ending sessions, and what the owner is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import AccountSession, AuditRecord, SecurityFact
from accounts.selectors.admission import admit, dead_visitors
from accounts.services.list_session import COOKIE
from accounts.services.tidy_sessions import tidy_sessions
from tests.accounts.web.visiting import PASSWORD, known_alice, log_in
from tests.factories.accounts import make_bob

pytestmark = pytest.mark.django_db
PAGE = "/accounts/settings/"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


def visitor_at(address: str, user_agent: str = FIREFOX) -> Client:
    return Client(REMOTE_ADDR=address, HTTP_USER_AGENT=user_agent)


def signed_in(address: str, user_agent: str = FIREFOX) -> Client:
    browser = visitor_at(address, user_agent)
    assert log_in(browser)
    return browser


def handshake(browser: Client) -> dict[str, str]:
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
    return {"cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "origin": "http://testserver", "host": "testserver"}


def rows() -> list[tuple[Any, ...]]:
    found = AccountSession.objects.order_by("pk")
    return list(found.values_list("user__username", "browser", "system", "network", "ended_at"))


def facts() -> list[tuple[str, str]]:
    return list(SecurityFact.objects.order_by("pk").values_list("change", "detail"))


def test_each_sign_in_is_a_row_and_only_an_unknown_browser_is_news(address: str) -> None:
    known_alice()
    laptop = signed_in(address)
    assert facts() == []
    phone = signed_in(address, PHONE)
    assert rows() == [("alice", "Firefox", "Linux", address, None), ("alice", "Safari", "iPhone", address, None)]
    assert facts() == [("sign_in", f"Safari, iPhone, {address}")]
    # The same browser later, and whatever it calls itself then.
    phone.post("/accounts/logout/")
    assert AccountSession.objects.filter(ended_at=None).count() == 1
    phone.defaults["HTTP_USER_AGENT"] = FIREFOX
    assert log_in(phone)
    assert len(facts()) == 1
    assert laptop.get(PAGE).status_code == 200


def test_a_mark_that_was_not_given_out_is_no_mark(address: str) -> None:
    known_alice()
    signed_in(address)
    for mark in ("", "x" * 32, "A" * 32, "0" * 31, "0" * 32):
        browser = visitor_at(address)
        browser.cookies[COOKIE] = mark
        assert log_in(browser)
    assert [change for change, _ in facts()] == ["sign_in"] * 5


def test_the_list_shows_own_sessions_and_which_is_this(address: str) -> None:
    known_alice()
    bob = visitor_at(address, "curl/8.0")
    bob.force_login(make_bob())
    with time_machine.travel(NOON, tick=False):
        phone = signed_in(address, PHONE)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        laptop = signed_in(address)
        page = laptop.get(PAGE).content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert "curl" not in page
    assert page.count("this browser") == 1
    assert page.index("Firefox on Linux") < page.index("this browser") < page.index("Safari on iPhone")
    assert f"from {address}" in page
    assert "Signed in with a new browser: Firefox, Linux" in page
    assert phone.cookies[settings.SESSION_COOKIE_NAME].value not in page


def test_a_session_that_lapsed_is_not_listed(address: str) -> None:
    known_alice()
    with time_machine.travel(NOON, tick=False):
        signed_in(address, PHONE)
    with time_machine.travel(NOON + timedelta(seconds=settings.SESSION_COOKIE_AGE), tick=False):
        page = signed_in(address).get(PAGE).content.decode()
    assert "Safari on iPhone" not in page
    assert "Sign out everywhere else" not in page


def test_ending_one_signs_it_out_and_closes_its_sockets(address: str) -> None:
    known_alice()
    laptop, phone = signed_in(address), signed_in(address, PHONE)
    stays, goes = admit(handshake(laptop)), admit(handshake(phone))
    assert stays is not None
    assert goes is not None
    assert dead_visitors([stays, goes]) == set()
    row = AccountSession.objects.get(browser="Safari")
    answer = laptop.post(f"{PAGE}sessions/{row.pk}/end/", follow=True)
    assert answer.redirect_chain == [("/accounts/settings/#sessions", 302)]
    assert dead_visitors([stays, goes]) == {goes}
    assert phone.get(PAGE).status_code == 302
    assert laptop.get(PAGE).status_code == 200
    assert not Session.objects.filter(session_key=row.session_key).exists()
    record = AuditRecord.objects.get(action="account.end_session")
    assert (record.actor and record.actor.username, record.after, record.ip) == (
        "alice",
        {"sessions": 1, "first": row.pk},
        address,
    )
    assert laptop.post(f"{PAGE}sessions/{row.pk}/end/").status_code == 404
    assert AuditRecord.objects.filter(action="account.end_session").count() == 1


def test_nobody_ends_what_is_not_theirs(address: str) -> None:
    known_alice()
    laptop = signed_in(address)
    row = AccountSession.objects.get()
    bob = visitor_at(address)
    bob.force_login(make_bob())
    assert bob.post(f"{PAGE}sessions/{row.pk}/end/").status_code == 404
    assert bob.post(f"{PAGE}sessions/{2**62}/end/").status_code == 404
    assert Client().post(f"{PAGE}sessions/{row.pk}/end/").status_code == 302
    assert laptop.get(f"{PAGE}sessions/{row.pk}/end/").status_code == 405
    row.refresh_from_db()
    assert row.ended_at is None
    assert laptop.get(PAGE).status_code == 200
    assert not AuditRecord.objects.filter(action__startswith="account.end").exists()


def test_ending_all_others_keeps_this_one_and_other_people(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.services.end_sessions.BATCH", 2)
    known_alice()
    bob = visitor_at(address)
    bob.force_login(make_bob())
    others = [signed_in(address, PHONE) for _ in range(3)]
    laptop = signed_in(address)
    page = laptop.post(f"{PAGE}sessions/end-others/", follow=True).content.decode()
    assert "3 other browsers are signed out." in page
    assert [browser.get(PAGE).status_code for browser in [*others, laptop, bob]] == [302, 302, 302, 200, 200]
    assert AuditRecord.objects.filter(action="account.end_other_sessions").count() == 2
    assert "0 other browsers" in laptop.post(f"{PAGE}sessions/end-others/", follow=True).content.decode()


def test_a_kept_copy_of_an_ended_session_is_let_go(address: str) -> None:
    """Redis was away when it was ended, and answers with the old session afterwards."""
    known_alice()
    with time_machine.travel(NOON, tick=False):
        laptop = signed_in(address)
    AccountSession.objects.update(ended_at=NOON)
    with time_machine.travel(NOON + timedelta(minutes=9), tick=False):
        assert laptop.get(PAGE).status_code == 200
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        laptop.get(PAGE)
        assert laptop.get(PAGE).status_code == 302
    assert Session.objects.count() == 0


def test_a_page_notes_its_session_every_ten_minutes_only(address: str) -> None:
    known_alice()
    with time_machine.travel(NOON, tick=False):
        laptop = signed_in(address)
    for minutes, seen in ((9, 0), (10, 10), (19, 10), (20, 20)):
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            laptop.get(PAGE)
        assert AccountSession.objects.get().seen_at == NOON + timedelta(minutes=seen)


def test_a_session_from_before_the_list_gets_into_it(address: str) -> None:
    known_alice()
    laptop = signed_in(address)
    AccountSession.objects.all().delete()
    signed_in(address, PHONE)
    for _ in range(2):
        session = laptop.session
        del session["account_session"]
        session.save()
        laptop.get(PAGE)
        # Once, whichever page comes first, and it is no sign-in by a new browser.
        assert rows()[1:] == [("alice", "Firefox", "Linux", address, None)]
        assert facts() == []
    AccountSession.objects.filter(browser="Safari").delete()
    assert AccountSession.objects.get().session_key == laptop.cookies[settings.SESSION_COOKIE_NAME].value


def test_a_new_password_ends_the_others_and_keeps_this_one(address: str) -> None:
    known_alice()
    phone, laptop = signed_in(address, PHONE), signed_in(address)
    new = "quite another phrase"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert laptop.post("/accounts/password/change/", fields).status_code == 302
    assert [row[-1] is None for row in rows()] == [False, True]
    assert (phone.get(PAGE).status_code, laptop.get(PAGE).status_code) == (302, 200)
    assert AccountSession.objects.get(ended_at=None).session_key == laptop.cookies[settings.SESSION_COOKIE_NAME].value
    assert [change for change, _ in facts()] == ["sign_in", "password_changed"]


def test_what_nobody_needs_is_tidied(address: str) -> None:
    known_alice()
    with time_machine.travel(NOON, tick=False):
        signed_in(address)
        signed_in(address, PHONE)
        SecurityFact.objects.update(told_at=NOON)
        SecurityFact.objects.create(user_id=AccountSession.objects.all()[0].user_id, change="factor_on", at=NOON)
        assert tidy_sessions() == 0
    with time_machine.travel(NOON + timedelta(days=90), tick=False):
        assert tidy_sessions() == 2
        assert AccountSession.objects.count() == 2
    with time_machine.travel(NOON + timedelta(days=90, seconds=1), tick=False):
        assert tidy_sessions() == 3
    assert (AccountSession.objects.count(), facts()) == (0, [("factor_on", "")])
