"""A market that somebody is still making: what they have filled in so far, right or not."""

from django.conf import settings
from django.db import models


class MarketPlan(models.Model):
    """``answers`` are the fields of its pages as they were typed; ``market`` is the draft made of them, if any.

    ``drafted_at`` is the ``updated_at`` of the answers that the draft was made of. The plan goes when the draft opens.
    """

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    template = models.CharField(max_length=20)
    answers = models.JSONField(default=dict)
    market = models.OneToOneField("markets.Market", on_delete=models.CASCADE, related_name="plan", null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    drafted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-updated_at", "-id"]
        indexes = [models.Index(fields=["creator", "-updated_at"], name="markets_plan_newest")]

    def __str__(self) -> str:
        return f"plan {self.pk}"
