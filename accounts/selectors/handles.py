"""People by their handles."""

from collections.abc import Iterable

from accounts.models import User


def user_ids(handles: Iterable[str]) -> dict[str, int]:
    """The ids of those that exist, by handle."""
    return dict(User.objects.filter(username__in=list(handles)).values_list("username", "pk"))


def has_people() -> bool:
    return User.objects.exists()


def has_simulated_traders() -> bool:
    return User.objects.filter(is_simulated=True).exists()
