"""People and programs that can sign in."""

from typing import Any

from django.contrib.auth.models import AbstractUser, Permission
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models
from django.db.models.functions import Lower
from django_prometheus.models import ExportModelOperationsMixin


class User(ExportModelOperationsMixin("user"), AbstractUser):  # type: ignore[misc]
    """A person, a bot or a simulated trader. ``username`` is the public handle."""

    username = models.CharField(
        "handle",
        max_length=32,
        unique=True,
        validators=[ASCIIUsernameValidator()],
        help_text="Shown beside your trades. Letters, digits and @ . + - _ only.",
        error_messages={"unique": "This handle is taken. Choose another one."},
    )
    email = models.EmailField("e-mail address", blank=True)
    is_simulated = models.BooleanField(
        default=False, help_text="Trades by program to keep a demo market moving; always labelled."
    )

    # Empty: what the browser says.
    language = models.CharField(max_length=16, blank=True, default="", db_default="")
    time_zone = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta(AbstractUser.Meta):
        permissions = [
            ("suspend_user", "Can suspend and reinstate people"),
            ("assign_role", "Can give and take roles"),
            ("grant_credits", "Can grant credits"),
        ]
        constraints = [models.UniqueConstraint(Lower("username"), name="accounts_user_handle_ci")]

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """As everywhere in Django; what the person and their groups may is read together, once, in one statement."""
        if self.is_active and not self.is_superuser and obj is None and not hasattr(self, "_perm_cache"):
            names = ("content_type__app_label", "codename")
            own = Permission.objects.filter(user=self).order_by().values_list(*names)
            joined = Permission.objects.filter(group__user=self).order_by().values_list(*names)
            self._perm_cache = {f"{app}.{name}" for app, name in own.union(joined)}
        return bool(super().has_perm(perm, obj))
