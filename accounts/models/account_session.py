"""Where people are signed in, and what happened to the locks of their accounts."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.types import SecurityChange

DEVICE_LENGTH: Final = 32


class AccountSession(models.Model):
    """One sign-in by one browser. ``session_key`` is the present key, ``device`` a random mark of the browser.

    A row outlives its session for a while, since it is how a browser is known again.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    session_key = models.CharField(max_length=40)
    device = models.CharField(max_length=DEVICE_LENGTH)
    browser = models.CharField(max_length=24, blank=True)
    system = models.CharField(max_length=24, blank=True)
    network = models.CharField(max_length=45, blank=True)
    signed_in_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["user", "-seen_at"], name="accounts_session_own", condition=Q(ended_at=None)),
            models.Index(fields=["user", "device"], name="accounts_session_device"),
            models.Index(fields=["seen_at"], name="accounts_session_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} with {self.browser or 'a browser'}"


class SecurityFact(models.Model):
    """One change of the locks of an account, or a sign-in by a browser that it didn't know; told to its owner once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    change = models.CharField(max_length=20, choices=[(one.value, one.value) for one in SecurityChange])
    detail = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["user", "-id"], name="accounts_security_own"),
            models.Index(fields=["id"], name="accounts_security_untold", condition=Q(told_at=None)),
            models.Index(fields=["at"], name="accounts_security_at"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.change}"
