"""What staff did: append-only, never with a secret in it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext


class AuditRecord(models.Model):
    """One action of one person on one thing. ``before`` and ``after`` hold the fields that changed."""

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    action = models.CharField(max_length=60, help_text="app.verb_noun, for example markets.halt_market.")
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    ip = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "-id"], name="accounts_audit_object"),
            models.Index(fields=["actor", "-id"], name="accounts_audit_actor"),
        ]

    def __str__(self) -> str:
        return gettext("%(action)s on %(target)s") % {
            "action": self.action,
            "target": f"{self.object_type} {self.object_id}",
        }
