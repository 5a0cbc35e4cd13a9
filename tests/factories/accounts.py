"""People of the tests: alice trades, bob is her counterparty, carol has no access, dave operates."""

from itertools import count

from accounts.models import User
from accounts.services.create_user import create_user
from accounts.types import Role

_numbers = count(1)


def make_user(handle: str = "", *, roles: tuple[Role, ...] = (Role.TRADER,), password: str | None = None) -> User:
    handle = handle or f"user{next(_numbers)}"
    found = User.objects.filter(username=handle).first()
    return found or create_user(handle=handle, email=f"{handle}@example.org", password=password, roles=roles)


def make_alice() -> User:
    return make_user("alice")


def make_bob() -> User:
    return make_user("bob")


def make_carol() -> User:
    return make_user("carol", roles=())


def make_dave() -> User:
    return make_user("dave", roles=(Role.TRADER, Role.OPERATOR))
