"""Make an account for a person, a bot or a simulated trader."""

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.engine.roles import STAFF
from accounts.events import UserSignedUp
from accounts.models import User
from accounts.types import Role
from common import clock
from common.bus import publish_on_commit


def create_user(
    *,
    handle: str,
    email: str = "",
    password: str | None = None,
    roles: Iterable[Role] = (Role.TRADER,),
    is_simulated: bool = False,
) -> User:
    """Store an active account; without ``password`` nobody can log in to it, only use its API keys.

    Publishes: UserSignedUp
    """
    chosen = set(roles)
    with transaction.atomic():
        user = User(
            username=handle,
            email=email,
            is_simulated=is_simulated,
            is_staff=bool(chosen & STAFF),
            date_joined=clock.now(),
        )
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
        welcome(user, chosen)
    return user


def welcome(user: User, roles: Iterable[Role] = (Role.TRADER,)) -> None:
    """Everything that a stored account still needs; in the transaction that stores it.

    Publishes: UserSignedUp
    """
    join_roles(user, roles)
    publish_on_commit(UserSignedUp(user.pk))


def join_roles(user: User, roles: Iterable[Role]) -> None:
    groups = [Group.objects.get_or_create(name=role.value)[0] for role in sorted(roles)]
    user.groups.add(*groups)
