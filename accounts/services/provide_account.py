"""Find or make an account that programs trade through and nobody logs in to."""

from collections.abc import Iterable

from django.db import transaction

from accounts.errors import UserActionRefused
from accounts.models import User
from accounts.services.create_user import create_user
from accounts.types import Role


def provide_account(*, handle: str, roles: Iterable[Role] = (Role.TRADER,), is_simulated: bool = False) -> int:
    """The id of the account without a password that is called ``handle``; made when there is none.

    Raises:    UserActionRefused if a person has the handle, whose account no program may use
    Publishes: UserSignedUp, when made
    """
    with transaction.atomic():
        user = User.objects.filter(username__iexact=handle).first()
        if user is None:
            return create_user(handle=handle, roles=roles, is_simulated=is_simulated).pk
    if user.has_usable_password() or user.is_simulated != is_simulated:
        raise UserActionRefused(f"The handle {handle} belongs to somebody else.", field="/handle")
    return user.pk
