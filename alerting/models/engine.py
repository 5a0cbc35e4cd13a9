"""Whether rules are looked at, and how that goes."""

from django.db import models
from django.utils.translation import gettext


class AlertingEngine(models.Model):
    """One row. What is empty is as the environment or ``config/alerting.yaml`` has it.

    Whoever evaluates holds the row, so that two schedulers evaluate once. ``next_at`` is when the next round is due.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True)
    interval_s = models.PositiveIntegerField(null=True, blank=True)
    escalation_s = models.PositiveIntegerField(null=True, blank=True)
    group_wait_s = models.FloatField(null=True, blank=True)
    group_interval_s = models.FloatField(null=True, blank=True)
    repeat_interval_s = models.FloatField(null=True, blank=True)
    next_at = models.DateTimeField(null=True)
    evaluated_at = models.DateTimeField(null=True)
    took_ms = models.FloatField(null=True)
    rounds = models.BigIntegerField(default=0)
    rules = models.PositiveIntegerField(default=0)
    failed = models.JSONField(default=dict)
    pinged_at = models.DateTimeField(null=True)
    ping_problem = models.CharField(max_length=200, blank=True)
    reported_on = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        verbose_name = "settings of alerting"
        verbose_name_plural = "settings of alerting"

    def __str__(self) -> str:
        return gettext("Alerting")


class NoiseReport(models.Model):
    """What a week's alerts were worth, rule by rule."""

    week = models.DateField(unique=True)
    made_at = models.DateTimeField()
    document = models.JSONField()

    class Meta:
        default_permissions = ()
        ordering = ["-week"]

    def __str__(self) -> str:
        return f"week from {self.week}"
