"""Second factor: codes, recovery codes and setting them up."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.db import connection
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.events import UserSignedIn
from accounts.models import SecurityFact, User
from accounts.types import Role
from common import bus
from tests.accounts.web.visiting import PASSWORD, known_alice, log_in
from tests.factories.accounts import make_alice, make_user


def _with_second_factor(user: User) -> tuple[str, list[str]]:
    """The shared secret and the recovery codes."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret, RecoveryCodes.activate(user).get_unused_codes()


def _code(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


@pytest.mark.django_db
def test_a_second_factor_is_asked_for_and_works_once(browser: Client) -> None:
    alice = known_alice()
    secret, _ = _with_second_factor(alice)
    answer = browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in browser.session
    code = _code(secret)
    browser.post("/accounts/2fa/authenticate/", {"code": code})
    assert browser.session["_auth_user_id"] == str(alice.pk)

    other = Client(REMOTE_ADDR="192.0.2.79")
    log_in(other)
    other.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" not in other.session


@pytest.mark.django_db
def test_a_recovery_code_works_once(browser: Client) -> None:
    alice = known_alice()
    _, codes = _with_second_factor(alice)
    log_in(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert browser.session["_auth_user_id"] == str(alice.pk)
    other = Client(REMOTE_ADDR="192.0.2.80")
    log_in(other)
    other.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert "_auth_user_id" not in other.session


@pytest.mark.django_db
def test_codes_are_limited(browser: Client) -> None:
    secret, _ = _with_second_factor(known_alice())
    log_in(browser)
    for _ in range(5):
        browser.post("/accounts/2fa/authenticate/", {"code": "000000x"})
    answer = browser.post("/accounts/2fa/authenticate/", {"code": _code(secret)})
    assert "Too many attempts." in answer.content.decode()
    assert "_auth_user_id" not in browser.session


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_code_and_a_recovery_code_work_once_for_parallel_tries(address: str) -> None:
    secret, codes = _with_second_factor(known_alice())
    for code in (_code(secret), codes[0]):
        browsers = [Client(REMOTE_ADDR=f"198.51.{address.split('.')[3]}.{n}") for n in range(1, 5)]
        for browser in browsers:
            log_in(browser)
        start = threading.Barrier(4, timeout=20)
        with ThreadPoolExecutor(4) as pool:
            entered = list(pool.map(_send_code, browsers, [code] * 4, [start] * 4))
        assert sum(entered) == 1


def _send_code(browser: Client, code: str, start: threading.Barrier) -> bool:
    start.wait()
    browser.post("/accounts/2fa/authenticate/", {"code": code})
    connection.close()
    return "_auth_user_id" in browser.session


@pytest.mark.django_db
def test_secrets_of_the_second_factor_are_encrypted() -> None:
    secret, codes = _with_second_factor(make_alice())
    stored = repr(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert codes[0] not in stored


@pytest.mark.django_db
def test_staff_without_second_factor_are_sent_to_set_it_up(browser: Client, settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = True
    dave = make_user("dave", roles=(Role.OPERATOR,), password=PASSWORD)
    log_in(browser, "dave")
    answer = browser.get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")
    _with_second_factor(dave)
    assert browser.get("/admin/").status_code == 200


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_parallel_codes_reach_the_check_five_times(address: str) -> None:
    _with_second_factor(known_alice())
    browsers = [Client(REMOTE_ADDR=address) for _ in range(4)]
    for browser in browsers:
        assert log_in(browser)
    start = threading.Barrier(20, timeout=20)

    def guess(number: int) -> bool:
        start.wait()
        browser = Client(REMOTE_ADDR=address)
        browser.cookies = browsers[number % 4].cookies
        answer = browser.post("/accounts/2fa/authenticate/", {"code": "000000x"})
        connection.close()
        return "Too many attempts" not in answer.content.decode()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(guess, range(20))) == 5


@pytest.mark.django_db
def test_setting_up_a_second_factor(browser: Client) -> None:
    alice = known_alice()
    log_in(browser)
    path = "/accounts/2fa/totp/activate/"
    asked = browser.get(path)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert browser.post(asked["Location"], {"password": PASSWORD})["Location"] == path
    page = browser.get(path).content.decode()
    secret = browser.session["mfa.totp.secret"]
    assert secret in page
    assert "data:image/svg+xml" in page
    browser.post(path, {"code": "000000x"})
    assert not Authenticator.objects.exists()
    assert browser.post(path, {"code": _code(secret)}).status_code == 302
    kinds = sorted(Authenticator.objects.filter(user=alice).values_list("type", flat=True))
    assert kinds == ["recovery_codes", "totp"]
    assert "Turn off" in browser.get("/accounts/2fa/").content.decode()
    assert "10 of 10 are left" in browser.get("/accounts/2fa/recovery-codes/").content.decode()


@pytest.mark.django_db
def test_a_recovery_code_works_while_redis_is_away(browser: Client, redis_away: None) -> None:
    alice = known_alice()
    _, codes = _with_second_factor(alice)
    log_in(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert browser.session["_auth_user_id"] == str(alice.pk)


@pytest.mark.django_db
def test_signing_in_is_told_once_it_is_complete(
    browser: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    seen: list[UserSignedIn] = []
    monkeypatch.setitem(bus._handlers, UserSignedIn, [seen.append])
    alice = known_alice()
    secret, _ = _with_second_factor(alice)
    with django_capture_on_commit_callbacks(execute=True):
        log_in(browser)
    assert seen == []
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/accounts/2fa/authenticate/", {"code": _code(secret)})
    assert seen == [UserSignedIn(alice.pk)]


@pytest.mark.django_db
def test_a_changed_factor_is_written_down_for_its_owner() -> None:
    alice = known_alice()
    _with_second_factor(alice)
    app, codes = (Authenticator.objects.get(type=kind) for kind in ("totp", "recovery_codes"))
    for signal, authenticator in (
        (signals.authenticator_added, codes),
        (signals.authenticator_added, app),
        (signals.authenticator_reset, codes),
        (signals.authenticator_removed, app),
        (signals.authenticator_removed, codes),
    ):
        signal.send(sender=Authenticator, request=None, user=alice, authenticator=authenticator)
    told = SecurityFact.objects.order_by("pk").values_list("user_id", "change", "told_at")
    assert list(told) == [(alice.pk, change, None) for change in ("factor_on", "recovery_codes", "factor_off")]
