import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.types import Role
from tests.accounts.web.visiting import PASSWORD, known_alice, log_in
from tests.factories.accounts import make_user

WRONG = "The handle or e-mail address and the password don&#x27;t belong together."


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
    known_alice()
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
    alice = known_alice()
    assert log_in(browser, login)
    assert browser.session["_auth_user_id"] == str(alice.pk)
    assert browser.post("/accounts/logout/").status_code == 302
    assert "_auth_user_id" not in browser.session


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["alice", "nobody", "alice@example.org", "x@example.org", "\ud800"])
def test_a_wrong_password_tells_nothing_about_the_account(browser: Client, login: str) -> None:
    known_alice()
    answer = browser.post("/accounts/login/", {"login": login.encode("utf-8", "replace").decode(), "password": "wrong"})
    assert answer.status_code == 200
    assert WRONG in answer.content.decode()


@pytest.mark.django_db
def test_suspended_people_stay_out(browser: Client) -> None:
    User.objects.filter(pk=known_alice().pk).update(is_active=False)
    assert not log_in(browser) or "_auth_user_id" not in browser.session


@pytest.mark.django_db
def test_five_wrong_guesses_then_even_the_right_password_waits(browser: Client) -> None:
    known_alice()
    for login in ("alice", "alice@example.org", "ALICE", "alice", "alice"):
        assert not log_in(browser, login, "wrong")
    answer = browser.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert "Too many attempts. Try again in 3 minutes." in answer.content.decode()
    assert "_auth_user_id" not in browser.session
    # The owner, elsewhere, isn't locked out.
    assert log_in(Client(REMOTE_ADDR="192.0.2.77"))


@pytest.mark.django_db
def test_right_passwords_are_not_counted(browser: Client) -> None:
    known_alice()
    for _ in range(8):
        assert log_in(browser)
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
    known_alice()
    assert _parallel(address, 200, "wrong") == 5


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


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_and_people_sign_in_while_redis_is_away(address: str, redis_away: None) -> None:
    known_alice()
    assert _parallel(address, 60, "wrong") == 5
    assert log_in(Client(REMOTE_ADDR="192.0.2.78"))


@pytest.mark.django_db
def test_password_reset_by_mail(browser: Client) -> None:
    known_alice()
    assert browser.post("/accounts/password/reset/", {"email": "alice@example.org"}).status_code == 302
    (message,) = mail.outbox
    assert message.to == ["alice@example.org"]
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(message.body))
    assert link is not None
    page = browser.get(link[1], follow=True)
    new = "another horse battery"
    done = browser.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert done.status_code == 302
    assert not log_in(Client(), password=PASSWORD)
    assert log_in(Client(), password=new)
    # The link works once.
    assert "This link no longer works" in Client().get(link[1], follow=True).content.decode()


@pytest.mark.django_db
def test_reset_of_an_unknown_address_looks_the_same_and_sends_nothing(browser: Client) -> None:
    answer = browser.post("/accounts/password/reset/", {"email": "x@example.org"})
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/password/reset/done/")
    assert mail.outbox == []


@pytest.mark.django_db
def test_resets_are_limited(browser: Client) -> None:
    known_alice()
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
    known_alice()
    log_in(browser)
    answer = browser.get(f"/accounts/{path}")
    assert answer.status_code == 200
    assert "Opinion Market</title>" in answer.content.decode()


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
    known_alice()
    other = Client(REMOTE_ADDR="192.0.2.81")
    assert log_in(browser)
    assert log_in(other)
    new = "another horse battery"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert browser.post("/accounts/password/change/", sent).status_code == 302
    assert "your account was changed" in mail.outbox[-1].body
    assert browser.get("/accounts/settings/").status_code == 200
    assert other.get("/accounts/settings/").status_code == 302
