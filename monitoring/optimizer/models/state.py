"""How the optimizer stands, what it has tuned, and what it has seen."""

from django.conf import settings
from django.db import models

from monitoring.optimizer.models.recommendation import Recommendation


class OptimizerSwitch(models.Model):
    """One row. ``is_monitoring`` and ``is_optimizing`` are empty while nobody has switched them; the environment
    counts then. ``counters`` are what was counted at the last look."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_monitoring = models.BooleanField(null=True)
    is_optimizing = models.BooleanField(null=True)
    changed_at = models.DateTimeField(null=True)
    optimised_at = models.DateTimeField(null=True)
    cleaned_at = models.DateTimeField(null=True)
    collected_at = models.DateTimeField(null=True)
    counters = models.JSONField(default=dict)
    score = models.PositiveSmallIntegerField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return "optimizer"


class Tunable(models.Model):
    """A setting in force; without a row the program's own counts. ``value`` is within the declared bounds."""

    name = models.CharField(max_length=250, unique=True)
    value = models.FloatField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    recommendation = models.ForeignKey(Recommendation, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} = {self.value:g}"


class ProbePoint(models.Model):
    """A metric that is no series of the site: a statement's mean time, a cached function's share of hits."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=250)
    at = models.DateTimeField()
    value = models.FloatField()
    load = models.FloatField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["name", "at"], name="optimizer_probe")]

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"


class UsualValue(models.Model):
    """What is usual for a series at an hour of the day (UTC)."""

    pk = models.CompositePrimaryKey("name", "hour")
    name = models.CharField(max_length=64)
    hour = models.PositiveSmallIntegerField()
    mean = models.FloatField()
    spread = models.FloatField()
    count = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} at {self.hour}"


class Cycle(models.Model):
    """One optimisation: what it took, found and did. ``frozen`` says why nothing was done by itself."""

    at = models.DateTimeField()
    milliseconds = models.FloatField()
    found = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    applied = models.PositiveIntegerField()
    frozen = models.CharField(max_length=200, blank=True)
    score = models.PositiveSmallIntegerField()
    strategy = models.CharField(max_length=12)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["-at"], name="optimizer_cycle_at")]

    def __str__(self) -> str:
        return f"cycle at {self.at}"
