"""What other apps may know about people."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach an active person, and how they read; all but the handle may be empty."""

    user_id: int
    handle: str
    email: str
    language: str = ""
    time_zone: str = ""


def is_active(user_id: int) -> bool:
    """Whether the account exists and isn't suspended."""
    return User.objects.filter(pk=user_id, is_active=True).exists()


def has_permission(user_id: int, permission: str) -> bool:
    """Whether an active user has ``permission`` (``app.codename``), by role or as superuser."""
    return held_permissions(user_id, [permission])[permission]


def held_permissions(user_id: int, permissions: Iterable[str]) -> dict[str, bool]:
    """Which of them an active user has, as ``has_permission``; two statements, however many are asked for."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return {name: user is not None and user.has_perm(name) for name in permissions}


def roles_of(user_id: int) -> frozenset[str]:
    """Names of the roles of an active user."""
    names = User.objects.filter(pk=user_id, is_active=True).values_list("groups__name", flat=True)
    return frozenset(name for name in names if name)


def contacts(user_ids: Iterable[int]) -> dict[int, Contact]:
    """Of those who are active, by id."""
    found = User.objects.filter(pk__in=list(user_ids), is_active=True)
    fields = ("pk", "username", "email", "language", "time_zone")
    return {row[0]: Contact(*row) for row in found.values_list(*fields)}
