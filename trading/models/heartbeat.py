"""Programs that promised to call again, and whose orders go when they don't."""

from django.conf import settings
from django.db import models


class Heartbeat(models.Model):
    """``due_at``: when the trader's open orders are cancelled; empty while no heartbeat is on."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    timeout_s = models.PositiveIntegerField()
    beat_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    #: The newest silence, and how many orders went with it.
    silent_at = models.DateTimeField(null=True)
    cancelled = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="trading_heartbeat_due")
        ]

    def __str__(self) -> str:
        return f"heartbeat of user {self.user_id}"
