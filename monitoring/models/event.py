"""Moments that explain a change in the charts."""

from django.db import models

from common.phrases import said


class EventKind(models.TextChoices):
    DEPLOY = "deploy", "Deploy"
    ALERT = "alert", "Alert"
    SCALING = "scaling", "Scaling"
    OPTIMIZER = "optimizer", "Optimizer"


class Event(models.Model):
    """A marker on the time axis. ``key`` names what must be marked once only; ``series`` is empty for all charts."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=EventKind.choices)
    title = models.CharField(max_length=120)
    detail = models.TextField(blank=True)
    series = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=200, null=True, blank=True, unique=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="monitoring_event_at")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {said(self.title)}"
