"""People and programs that can sign in."""

from django.contrib.auth.models import AbstractUser
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
