"""Give somebody exactly these roles."""

from collections.abc import Iterable

from django.db import transaction

from accounts.engine.roles import STAFF
from accounts.errors import UserActionRefused, UserNotFound
from accounts.models import User
from accounts.selectors.keys import forget_all_keys
from accounts.services.create_user import join_roles
from accounts.types import Role


def assign_roles(*, user_id: int, roles: Iterable[Role], actor_id: int) -> None:
    """Replace the roles of an account; the admin site opens to roles that work there.

    Raises: UserNotFound, UserActionRefused (one's own roles; a superuser by somebody who is none)
    """
    chosen = set(roles)
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        actor = User.objects.filter(pk=actor_id).first()
        if user is None or actor is None:
            raise UserNotFound(f"There is no person {user_id}.", field="/user_id")
        if user.pk == actor.pk:
            raise UserActionRefused("Nobody changes their own roles. Ask somebody else.")
        if user.is_superuser and not actor.is_superuser:
            raise UserActionRefused("Only a superuser may do this to a superuser.")
        user.groups.clear()
        join_roles(user, chosen)
        user.is_staff = user.is_superuser or bool(chosen & STAFF)
        user.save(update_fields=["is_staff"])
    forget_all_keys()
