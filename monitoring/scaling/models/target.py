"""What is scaled."""

from django.db import models


class Actuator(models.TextChoices):
    """Who carries a decision out. ``ADVISORY``: people, who read it."""

    ADVISORY = "advisory", "Advice only"
    CELERY = "celery", "Pool of the Celery worker"
    LOCAL = "local", "Web programs of make up"
    KUBERNETES = "kubernetes", "Scale subresource of a workload in Kubernetes"
    WEBHOOK = "webhook", "A webhook of your own"


class Pause(models.TextChoices):
    """Which changes are withheld."""

    NONE = "none", "Nothing is withheld"
    ALL = "all", "Every change"
    IN = "in", "Taking instances away"
    OUT = "out", "Adding instances"


class Mode(models.TextChoices):
    """What the predictive part may do."""

    OFF = "off", "Nothing"
    FORECAST_ONLY = "forecast_only", "Be kept beside the decision"
    ON = "on", "Add instances"


class Fallback(models.TextChoices):
    """What counts when every metric has been missing for a while."""

    HOLD = "hold", "The present count"
    STATIC = "static", "The fallback count"
    HIGHER = "higher", "The higher of both"
    LOWER = "lower", "The lower of both"


class ScalingTarget(models.Model):
    """``memory`` is what the windows and rates remember; it is written with each decision. ``workload`` is
    namespace/kind/name in Kubernetes; ``webhook_sealed`` is the key that signs webhooks, encrypted. A pause without
    ``pause_until`` lasts until somebody ends it."""

    name = models.CharField(max_length=40, unique=True)
    actuator = models.CharField(max_length=16, choices=Actuator.choices, default=Actuator.ADVISORY)
    workload = models.CharField(max_length=200, blank=True)
    webhook_url = models.CharField(max_length=500, blank=True)
    webhook_sealed = models.TextField(blank=True)
    pause = models.CharField(max_length=8, choices=Pause.choices, default=Pause.NONE)
    pause_until = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=200, blank=True)
    mode = models.CharField(max_length=16, choices=Mode.choices, default=Mode.FORECAST_ONLY)
    fallback = models.CharField(max_length=8, choices=Fallback.choices, default=Fallback.HOLD)
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
