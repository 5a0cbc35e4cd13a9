"""What staff tell everybody, or some of those who read, for a while."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.types import Audience


class Announcement(models.Model):
    """Shown from ``starts_at`` until ``ends_at`` on every page of its audience, unless a reader has dismissed it."""

    title = models.CharField(max_length=120)
    text = models.CharField(max_length=1_000, blank=True)
    audience = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Audience])
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="accounts_announcement_period"),
        ]
        indexes = [models.Index(fields=["ends_at"], name="accounts_announcement_end")]

    def __str__(self) -> str:
        return self.title
