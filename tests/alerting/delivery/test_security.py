"""What people are told of the locks of their accounts, each in their language."""

import pytest
from django.test import Client

from accounts.models import SecurityFact, User
from accounts.services.note_security import note_security
from accounts.types import SecurityChange
from alerting.models import Delivery, Notification
from alerting.selectors.notifications import bell_of
from alerting.selectors.wording import _TEXTS
from alerting.services.provide_channels import provide_channels
from alerting.services.tell_of_security import tell_of_security
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def greta() -> User:
    provide_channels()
    greta = make_user("greta")
    User.objects.filter(pk=greta.pk).update(language="de", email="greta@example.com")
    return User.objects.get(pk=greta.pk)


def test_a_sign_in_by_a_new_browser_is_a_line_and_a_letter_once(greta: User) -> None:
    note_security(user_id=greta.pk, change=SecurityChange.SIGN_IN, detail="Firefox, Linux, 192.0.2.1")
    assert (tell_of_security(), tell_of_security()) == (1, 0)
    line = Notification.objects.get()
    assert (line.user_id, line.kind, line.title, line.text, line.url) == (
        greta.pk,
        "security",
        "Somebody signed in to your account with a new browser",
        "Firefox, Linux, 192.0.2.1. If that wasn't you, sign it out and change your password at once.",
        "/accounts/settings/#sessions",
    )
    letter = Delivery.objects.get()
    assert (letter.user_id, letter.recipient, letter.content["title"]) == (
        greta.pk,
        "greta@example.com",
        "Jemand hat sich mit einem neuen Browser bei deinem Konto angemeldet",
    )
    assert SecurityFact.objects.get().told_at is not None


def test_what_has_a_letter_of_its_own_is_a_line_only(greta: User) -> None:
    for change in SecurityChange:
        note_security(user_id=greta.pk, change=change)
    assert tell_of_security() == len(SecurityChange)
    assert Notification.objects.count() == len(SecurityChange)
    assert Delivery.objects.count() == 1
    assert {f"security.{change}" for change in SecurityChange} <= set(_TEXTS)


def test_a_line_is_said_in_the_language_of_whoever_reads(greta: User) -> None:
    note_security(user_id=greta.pk, change=SecurityChange.PASSKEY_ADDED)
    tell_of_security()
    newest = bell_of(greta.pk).newest
    assert newest is not None
    assert newest.title == "Deinem Konto wurde ein Passkey hinzugefügt"
    browser = Client()
    browser.force_login(greta)
    browser.cookies["language"] = "de"
    page = browser.get("/notifications").content.decode()
    assert "Deinem Konto wurde ein Passkey hinzugefügt" in page
    User.objects.filter(pk=greta.pk).update(language="en-gb")
    browser.cookies["language"] = "en-gb"
    assert "A passkey was added to your account" in browser.get("/notifications").content.decode()
