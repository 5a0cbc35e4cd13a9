"""Alice at the door: a person with a password, and how she signs in."""

from django.test import Client

from accounts.models import User
from tests.factories.accounts import make_user

PASSWORD = "correct horse battery"


def known_alice() -> User:
    return make_user("alice", password=PASSWORD)


def log_in(browser: Client, login: str = "alice", password: str = PASSWORD, path: str = "/accounts/login/") -> bool:
    """Whether the password was accepted."""
    return browser.post(path, {"login": login, "password": password}).status_code == 302
