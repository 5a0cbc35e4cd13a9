"""What is scaled."""

from django.db import models


class Actuator(models.TextChoices):
    """Who carries a decision out. ``ADVISORY``: people, who read it."""

    ADVISORY = "advisory", "Advice only"
    CELERY = "celery", "Pool of the Celery worker"


class ScalingTarget(models.Model):
    """``memory`` is what the windows and rates remember; it is written with each decision."""

    name = models.CharField(max_length=40, unique=True)
    actuator = models.CharField(max_length=16, choices=Actuator.choices, default=Actuator.ADVISORY)
    pause = models.CharField(max_length=8, default="none")
    mode = models.CharField(max_length=16, default="forecast_only")
    fallback = models.CharField(max_length=8, default="hold")
    fallback_count = models.PositiveIntegerField(default=1)
    cost_cents_per_hour = models.PositiveIntegerField(default=0)
    override_count = models.PositiveIntegerField(null=True)
    override_until = models.DateTimeField(null=True)
    override_reason = models.CharField(max_length=200, blank=True)
    memory = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
