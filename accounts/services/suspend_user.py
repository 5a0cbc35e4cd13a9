"""Keep somebody out: no sign-in, no key works, and what is signed in is signed out."""

from django.db import transaction

from accounts.errors import UserActionRefused, UserNotFound
from accounts.models import User
from accounts.selectors.keys import forget_all_keys


def suspend_user(*, user_id: int, actor_id: int) -> None:
    """Suspend an account; noticed at once by pages and within seconds by keys. Repeating changes nothing.

    Raises: UserNotFound, UserActionRefused (oneself; a superuser by somebody who is none)
    """
    with transaction.atomic():
        user = _locked(user_id, actor_id)
        user.is_active = False
        user.save(update_fields=["is_active"])
    forget_all_keys()


def reinstate_user(*, user_id: int, actor_id: int) -> None:
    """Undo a suspension. Raises: UserNotFound, UserActionRefused"""
    with transaction.atomic():
        user = _locked(user_id, actor_id)
        user.is_active = True
        user.save(update_fields=["is_active"])


def _locked(user_id: int, actor_id: int) -> User:
    people = {u.pk: u for u in User.objects.select_for_update().filter(pk__in=[user_id, actor_id]).order_by("pk")}
    if user_id not in people or actor_id not in people:
        raise UserNotFound(f"There is no person {user_id}.", field="/user_id")
    if user_id == actor_id:
        raise UserActionRefused("Nobody suspends or reinstates their own account. Ask somebody else.")
    if people[user_id].is_superuser and not people[actor_id].is_superuser:
        raise UserActionRefused("Only a superuser may do this to a superuser.")
    return people[user_id]
