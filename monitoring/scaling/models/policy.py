"""When instances are added and taken away."""

from django.db import models
from django.db.models.functions import Lower

from monitoring.scaling.models.target import ScalingTarget


class ScalingPolicy(models.Model):
    """Thresholds of one series; ``is_shared``: they are for each instance's share of it. With ``target_value`` the
    count follows the ratio of value and target, as Kubernetes has it."""

    name = models.CharField(max_length=60)
    target = models.ForeignKey(ScalingTarget, on_delete=models.CASCADE, related_name="+")
    metric_name = models.CharField(max_length=64)
    scale_up_threshold = models.FloatField()
    scale_down_threshold = models.FloatField()
    min_instances = models.PositiveIntegerField()
    max_instances = models.PositiveIntegerField()
    cooldown_s = models.PositiveIntegerField()
    is_shared = models.BooleanField(default=False)
    target_value = models.FloatField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["target_id", "name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="scaling_policy_name"),
            models.CheckConstraint(
                condition=models.Q(scale_down_threshold__lt=models.F("scale_up_threshold")),
                name="scaling_policy_thresholds",
            ),
            models.CheckConstraint(
                condition=models.Q(min_instances__gte=1, min_instances__lte=models.F("max_instances")),
                name="scaling_policy_bounds",
            ),
        ]

    def __str__(self) -> str:
        return self.name
