"""What a report shows, and when it is made by itself."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from analytics.reports.types import Cadence, Delivery


class ReportDefinition(models.Model):
    """``document`` is as ``analytics.reports.engine.definitions`` describes it. Readers with one of the roles of
    ``shared_with`` may see it and its reports, as far as they may see its metrics."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    document = models.JSONField()
    shared_with = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        permissions = [
            ("view_report", "Can read reports that are shared with their role"),
            ("make_report", "Can define, make and schedule reports"),
        ]
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="reports_definition_name")]

    def __str__(self) -> str:
        return self.name


class ReportSchedule(models.Model):
    """``next_at`` is the turn that is due next; it moves in the transaction that makes the report of the turn before.

    ``recipients`` are accounts, by id; each is asked for its permission whenever something is sent.
    """

    definition = models.OneToOneField(ReportDefinition, on_delete=models.CASCADE, related_name="schedule")
    cadence = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Cadence])
    at = models.TimeField()
    time_zone = models.CharField(max_length=64)
    weekday = models.PositiveSmallIntegerField(default=0, help_text="0: Monday.")
    day = models.PositiveSmallIntegerField(default=1)
    delivery = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Delivery])
    recipients = ArrayField(models.BigIntegerField(), default=list, blank=True)
    is_on = models.BooleanField(default=True)
    stopped = models.CharField(max_length=200, blank=True, help_text="Why the program has switched it off.")
    next_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["next_at"], condition=models.Q(is_on=True), name="reports_schedule_due")]

    def __str__(self) -> str:
        return f"{self.definition_id} {self.cadence}"
