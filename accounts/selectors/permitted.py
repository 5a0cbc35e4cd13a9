"""People by what they may do."""

from accounts.models import User

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def people_with_permission(permission: str) -> list[int]:
    """The ids of active people, superusers included, who have ``permission`` (``app.codename``)."""
    found = User.objects.with_perm(permission, is_active=True, include_superusers=True, backend=_BACKEND)
    return list(found.order_by("pk").values_list("pk", flat=True))
