"""What was unusual, and what it means."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models


class Verdict(models.TextChoices):
    """What people say of an anomaly."""

    OPEN = "open", "Nobody has judged it"
    REAL = "real", "It was one"
    NORMAL = "normal", "Not an anomaly"


class Anomaly(models.Model):
    """A minute of a series and what followed: ``lasted_min`` minutes from ``at`` on were unusual, with short breaks.

    ``severity`` is that of the first minute, in units of which ``threshold`` were needed.
    """

    name = models.CharField(max_length=64)
    at = models.DateTimeField()
    value = models.FloatField()
    expected = models.FloatField()
    severity = models.FloatField()
    threshold = models.FloatField()
    lasted_min = models.PositiveIntegerField(default=1)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, default=Verdict.OPEN)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["name", "at"], name="forecasting_anomaly_once")]
        indexes = [models.Index(fields=["-at"], name="forecasting_anomaly_at")]

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"

    @property
    def ended_at(self) -> datetime:
        return self.at + timedelta(minutes=self.lasted_min)


class Insight(models.Model):
    """A statement about an anomaly with its evidence: a chart, related series, events near it."""

    anomaly = models.OneToOneField(Anomaly, on_delete=models.CASCADE, related_name="insight")
    title = models.CharField(max_length=200)
    advice = models.CharField(max_length=200)
    evidence = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.title
