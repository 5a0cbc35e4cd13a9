"""Whether series are watched, which, and how far; and points that others send."""

from django.db import models


class AnalyticsSwitch(models.Model):
    """One row. ``is_on`` is empty while nobody has switched it; the environment counts then."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(null=True)
    changed_at = models.DateTimeField(null=True)
    watched_at = models.DateTimeField(null=True)
    forecast_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"analytics are {'on' if self.is_on else 'off'}"


class WatchedSeries(models.Model):
    """``state`` is the detector's after the minute ``read_to``; ``tolerance`` raises its threshold after verdicts."""

    name = models.CharField(max_length=64, unique=True)
    state = models.BinaryField(null=True)
    read_to = models.DateTimeField()
    tolerance = models.FloatField(default=1.0)
    is_stuck = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class DataPoint(models.Model):
    """A value of a metric that this site doesn't measure itself."""

    name = models.CharField(max_length=64)
    at = models.DateTimeField()
    value = models.FloatField()
    metadata = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["name", "at"], name="forecasting_point_at")]

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
