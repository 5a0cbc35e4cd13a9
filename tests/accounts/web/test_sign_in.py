import re
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.events import UserSignedIn
from accounts.models import User
from accounts.services import limits
from accounts.types import Role
from common import bus
from tests.factories.accounts import make_alice, make_user

PASSWORD = "correct horse battery"
WRONG = "The handle or e-mail address and the password don&#x27;t belong together."


@pytest.fixture
def address() -> str:
    """An address that no other test or run has used."""
    number = uuid.uuid4().int
    return f"10.{number % 250}.{number // 250 % 250}.{number // 62_500 % 250}"


@pytest.fixture
def browser(address: str) -> Client:
    return Client(REMOTE_ADDR=address)


def _alice() -> User:
    return make_user("alice", password=PASSWORD)


def _log_in(browser: Client, login: str = "alice", password: str = PASSWORD, path: str = "/accounts/login/") -> bool:
    """Whether the password was accepted."""
    return browser.post(path, {"login": login, "password": password}).status_code == 302


@pytest.mark.django_db
def test_sign_up_makes_a_trader_who_is_signed_in(browser: Client) -> None:
    fields = {"username": "Erin", "email": "Erin@Example.org", "password1": PASSWORD}
    answer = browser.post("/accounts/signup/", fields)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    erin = User.objects.get()
    assert (erin.username, erin.email) == ("Erin", "erin@example.org")
    assert [group.name for group in erin.groups.all()] == ["trader"]
    assert browser.session["_auth_user_id"] == str(erin.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"username": "alice"}, "This handle is taken."),
        ({"username": "ALICE"}, "This handle is taken."),
        ({"username": "a@b"}, "Use letters, digits"),
        ({"username": "admin"}, "This handle is reserved."),
        ({"username": "x" * 33}, "at most 32 characters"),
        ({"username": "al\x00ice"}, "Null characters are not allowed."),
        ({"username": "ed"}, "at least 3 characters"),
        ({"email": "alice@example.org"}, "There is an account with this e-mail address."),
        ({"email": "nowhere"}, "Enter a valid email address."),
        ({"password1": "short"}, "too short"),
        ({"password1": "password12"}, "too common"),
    ],
)
def test_sign_up_refusals_make_nobody(browser: Client, fields: dict[str, str], message: str) -> None:
    _alice()
    right = {"username": "erin", "email": "erin@example.org", "password1": PASSWORD}
    answer = browser.post("/accounts/signup/", right | fields)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert [user.username for user in User.objects.all()] == ["alice"]
    assert "_auth_user_id" not in browser.session


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_parallel_sign_ups_with_one_handle_make_one_person() -> None:
    start = threading.Barrier(6, timeout=20)

    def sign_up(number: int) -> int:
        browser = Client(REMOTE_ADDR=f"198.18.{uuid.uuid4().int % 250}.{number}")
        start.wait()
        fields = {"username": "erin", "email": f"erin{number}@example.org", "password1": PASSWORD}
        status = browser.post("/accounts/signup/", fields).status_code
        connection.close()
        return status

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(sign_up, range(6))) <= {200, 302}
    assert [user.username for user in User.objects.all()] == ["erin"]


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["alice", "ALICE", "alice@example.org", "Alice@Example.org"])
def test_log_in_by_handle_or_address(browser: Client, login: str) -> None:
    alice = _alice()
    assert _log_in(browser, login)
    assert browser.session["_auth_user_id"] == str(alice.pk)
    assert browser.post("/accounts/logout/").status_code == 302
    assert "_auth_user_id" not in browser.session


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["alice", "nobody", "alice@example.org", "x@example.org", "\ud800"])
def test_a_wrong_password_tells_nothing_about_the_account(browser: Client, login: str) -> None:
    _alice()
    answer = browser.post("/accounts/login/", {"login": login.encode("utf-8", "replace").decode(), "password": "wrong"})
    assert answer.status_code == 200
    assert WRONG in answer.content.decode()


@pytest.mark.django_db
def test_suspended_people_stay_out(browser: Client) -> None:
    User.objects.filter(pk=_alice().pk).update(is_active=False)
    assert not _log_in(browser) or "_auth_user_id" not in browser.session


@pytest.mark.django_db
def test_five_wrong_guesses_then_even_the_right_password_waits(browser: Client) -> None:
    _alice()
    for login in ("alice", "alice@example.org", "ALICE", "alice", "alice"):
        assert not _log_in(browser, login, "wrong")
    answer = browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert "Too many attempts. Try again in 3 minutes." in answer.content.decode()
    assert "_auth_user_id" not in browser.session
    # The owner, elsewhere, isn't locked out.
    assert _log_in(Client(REMOTE_ADDR="192.0.2.77"))


@pytest.mark.django_db
def test_right_passwords_are_not_counted(browser: Client) -> None:
    _alice()
    for _ in range(8):
        assert _log_in(browser)
        browser.post("/accounts/logout/")


@pytest.mark.django_db
def test_the_admin_site_uses_the_same_door(browser: Client) -> None:
    make_user("dave", roles=(Role.OPERATOR,), password=PASSWORD)
    answer = browser.post("/admin/login/?next=/admin/", {"username": "dave", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in browser.session


def _parallel(address: str, attempts: int, password: str) -> int:
    """How many of the parallel attempts reached the password check."""
    start = threading.Barrier(20, timeout=20)
    reached = []

    def attempt(number: int) -> None:
        if number < 20:
            start.wait()
        answer = Client(REMOTE_ADDR=address).post("/accounts/login/", {"login": "alice", "password": password})
        if "Too many attempts" not in answer.content.decode() and answer.status_code != 429:
            reached.append(number)
        connection.close()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(attempt, range(attempts)))
    return len(reached)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_200_parallel_guesses_reach_the_password_five_times(address: str) -> None:
    _alice()
    assert _parallel(address, 200, "wrong") == 5


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_parallel_codes_reach_the_check_five_times(address: str) -> None:
    _with_second_factor(_alice())
    browsers = [Client(REMOTE_ADDR=address) for _ in range(4)]
    for browser in browsers:
        assert _log_in(browser)
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


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_parallel_resets_send_three_mails(address: str) -> None:
    make_user(f"u{uuid.uuid4().hex[:8]}")
    email = User.objects.get().email
    start = threading.Barrier(20, timeout=20)

    def ask(number: int) -> None:
        start.wait()
        Client(REMOTE_ADDR=address).post("/accounts/password/reset/", {"email": email})
        connection.close()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(ask, range(20)))
    assert len(mail.outbox) == 3


@pytest.mark.django_db
def test_a_mailbox_gets_ten_resets_an_hour_from_wherever() -> None:
    make_user(f"u{uuid.uuid4().hex[:8]}")
    email = User.objects.get().email
    for number in range(12):
        Client(REMOTE_ADDR=f"198.18.{number}.{uuid.uuid4().int % 250}").post(
            "/accounts/password/reset/", {"email": email}
        )
    assert len(mail.outbox) == 10


@pytest.fixture
def redis_away(settings: Settings) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = settings.CACHES | {"default": settings.CACHES["default"] | {"LOCATION": settings.REDIS_URL}}
    limits._script.cache_clear()
    yield
    limits._script.cache_clear()
    limits._away_until = 0.0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_and_people_sign_in_while_redis_is_away(address: str, redis_away: None) -> None:
    _alice()
    assert _parallel(address, 60, "wrong") == 5
    assert _log_in(Client(REMOTE_ADDR="192.0.2.78"))


@pytest.mark.django_db
def test_password_reset_by_mail(browser: Client) -> None:
    _alice()
    assert browser.post("/accounts/password/reset/", {"email": "alice@example.org"}).status_code == 302
    (message,) = mail.outbox
    assert message.to == ["alice@example.org"]
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(message.body))
    assert link is not None
    page = browser.get(link[1], follow=True)
    new = "another horse battery"
    done = browser.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert done.status_code == 302
    assert not _log_in(Client(), password=PASSWORD)
    assert _log_in(Client(), password=new)
    # The link works once.
    assert "This link no longer works" in Client().get(link[1], follow=True).content.decode()


@pytest.mark.django_db
def test_reset_of_an_unknown_address_looks_the_same_and_sends_nothing(browser: Client) -> None:
    answer = browser.post("/accounts/password/reset/", {"email": "x@example.org"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/reset/done/")
    assert mail.outbox == []


@pytest.mark.django_db
def test_resets_are_limited(browser: Client) -> None:
    _alice()
    for _ in range(3):
        assert browser.post("/accounts/password/reset/", {"email": "alice@example.org"}).status_code == 302
    answer = browser.post("/accounts/password/reset/", {"email": "alice@example.org"})
    assert "Too many attempts." in answer.content.decode()
    assert len(mail.outbox) == 3


@pytest.mark.django_db
def test_account_pages_take_60_posts_a_minute(browser: Client) -> None:
    statuses = [browser.post("/accounts/logout/").status_code for _ in range(61)]
    assert statuses[:60] == [302] * 60
    assert statuses[60] == 429


def _with_second_factor(user: User) -> tuple[str, list[str]]:
    """The shared secret and the recovery codes."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret, RecoveryCodes.activate(user).get_unused_codes()


def _code(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))


@pytest.mark.django_db
def test_a_second_factor_is_asked_for_and_works_once(browser: Client) -> None:
    alice = _alice()
    secret, _ = _with_second_factor(alice)
    answer = browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in browser.session
    code = _code(secret)
    browser.post("/accounts/2fa/authenticate/", {"code": code})
    assert browser.session["_auth_user_id"] == str(alice.pk)

    other = Client(REMOTE_ADDR="192.0.2.79")
    _log_in(other)
    other.post("/accounts/2fa/authenticate/", {"code": code})
    assert "_auth_user_id" not in other.session


@pytest.mark.django_db
def test_a_recovery_code_works_once(browser: Client) -> None:
    alice = _alice()
    _, codes = _with_second_factor(alice)
    _log_in(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert browser.session["_auth_user_id"] == str(alice.pk)
    other = Client(REMOTE_ADDR="192.0.2.80")
    _log_in(other)
    other.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert "_auth_user_id" not in other.session


@pytest.mark.django_db
def test_codes_are_limited(browser: Client) -> None:
    secret, _ = _with_second_factor(_alice())
    _log_in(browser)
    for _ in range(5):
        browser.post("/accounts/2fa/authenticate/", {"code": "000000x"})
    answer = browser.post("/accounts/2fa/authenticate/", {"code": _code(secret)})
    assert "Too many attempts." in answer.content.decode()
    assert "_auth_user_id" not in browser.session


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_code_and_a_recovery_code_work_once_for_parallel_tries(address: str) -> None:
    secret, codes = _with_second_factor(_alice())
    for code in (_code(secret), codes[0]):
        browsers = [Client(REMOTE_ADDR=f"198.51.{address.split('.')[3]}.{n}") for n in range(1, 5)]
        for browser in browsers:
            _log_in(browser)
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
    _log_in(browser, "dave")
    answer = browser.get("/admin/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/totp/activate/")
    _with_second_factor(dave)
    assert browser.get("/admin/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    ["login/", "signup/", "password/reset/", "password/reset/done/", "logout/", "inactive/", "confirm-email/"],
)
def test_pages_for_visitors(browser: Client, path: str) -> None:
    assert browser.get(f"/accounts/{path}").status_code in (200, 302)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["logout/", "email/", "password/change/", "2fa/", "reauthenticate/", "settings/"])
def test_pages_for_people(browser: Client, path: str) -> None:
    _alice()
    _log_in(browser)
    answer = browser.get(f"/accounts/{path}")
    assert answer.status_code == 200
    assert "Opinion Market</title>" in answer.content.decode()


@pytest.mark.django_db
def test_setting_up_a_second_factor(browser: Client) -> None:
    alice = _alice()
    _log_in(browser)
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
    alice = _alice()
    _, codes = _with_second_factor(alice)
    _log_in(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert browser.session["_auth_user_id"] == str(alice.pk)


@pytest.mark.django_db
def test_a_mail_server_that_is_away_fails_no_sign_up(browser: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    fields = {"username": "erin", "email": "erin@example.org", "password1": PASSWORD}
    assert browser.post("/accounts/signup/", fields).status_code == 302
    assert User.objects.get().username == "erin"


@pytest.mark.django_db
def test_an_address_is_confirmed_by_the_link_of_the_mail(browser: Client) -> None:
    browser.post("/accounts/signup/", {"username": "erin", "email": "erin@example.org", "password1": PASSWORD})
    (message,) = mail.outbox
    assert message.subject == "[Opinion Market] Confirm your e-mail address"
    link = re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", str(message.body))
    assert link is not None
    assert "erin@example.org" in browser.get(link[1]).content.decode()
    assert not EmailAddress.objects.get().verified
    browser.post(link[1])
    assert EmailAddress.objects.get().verified
    assert "This link no longer works" in browser.get("/accounts/confirm-email/nonsense/").content.decode()


@pytest.mark.django_db
def test_a_changed_password_is_told_by_mail_and_ends_other_sessions(browser: Client) -> None:
    _alice()
    other = Client(REMOTE_ADDR="192.0.2.81")
    assert _log_in(browser)
    assert _log_in(other)
    new = "another horse battery"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post("/accounts/password/change/", sent).status_code == 302
    assert "your account was changed" in mail.outbox[-1].body
    assert browser.get("/accounts/settings/").status_code == 200
    assert other.get("/accounts/settings/").status_code == 302


@pytest.mark.django_db
def test_signing_in_is_told_once_it_is_complete(
    browser: Client, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    seen: list[UserSignedIn] = []
    monkeypatch.setitem(bus._handlers, UserSignedIn, [seen.append])
    alice = _alice()
    secret, _ = _with_second_factor(alice)
    with django_capture_on_commit_callbacks(execute=True):
        _log_in(browser)
    assert seen == []
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/accounts/2fa/authenticate/", {"code": _code(secret)})
    assert seen == [UserSignedIn(alice.pk)]
