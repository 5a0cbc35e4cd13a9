"""What was decided, and everything that led to it."""

from django.db import models

from monitoring.scaling.models.target import ScalingTarget


class Outcome(models.TextChoices):
    """What became of a decision."""

    KEPT = "kept", "No change was asked for"
    ADVISED = "advised", "Left to people"
    APPLIED = "applied", "Carried out"
    FAILED = "failed", "Could not be carried out"


class ScalingDecision(models.Model):
    """``count`` is the count to set; ``wished`` that before windows, rates and guards. ``effect`` is how the metric of
    ``policy`` moved within two minutes, as a share of ``metric_before``; empty until then, or when it isn't known."""

    target = models.ForeignKey(ScalingTarget, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    before = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    wished = models.IntegerField()
    policy = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=200)
    inputs = models.JSONField()
    proposals = models.JSONField()
    clamps = models.JSONField()
    forecast = models.PositiveIntegerField(null=True)
    cost_cents_per_hour = models.IntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    detail = models.CharField(max_length=200, blank=True)
    metric_before = models.FloatField(null=True)
    effect = models.FloatField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["target", "-at"], name="scaling_decision_at"),
            models.Index(fields=["target", "-at"], name="scaling_decision_change", condition=~models.Q(outcome="kept")),
        ]

    def __str__(self) -> str:
        return f"{self.target_id}: {self.before} to {self.count}"
