"""What other apps may know about people."""

from accounts.models import User


def is_active(user_id: int) -> bool:
    """Whether the account exists and isn't suspended."""
    return User.objects.filter(pk=user_id, is_active=True).exists()


def has_permission(user_id: int, permission: str) -> bool:
    """Whether an active user has ``permission`` (``app.codename``), by role or as superuser."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user is not None and user.has_perm(permission)
