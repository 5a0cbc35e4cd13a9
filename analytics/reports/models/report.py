"""Reports that were made, what is in them, and whom they were sent to."""

from django.conf import settings
from django.db import models

from analytics.reports.models.definition import ReportDefinition
from analytics.reports.types import Format


class ReportResult(models.Model):
    """The bytes of one report. Two reports of the same digest over the same data have one result."""

    digest = models.CharField(max_length=64)
    data_version = models.CharField(max_length=80)
    format = models.CharField(max_length=4, choices=[(one.value, one.value) for one in Format])
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    content_bytes = models.PositiveIntegerField()
    row_count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["digest", "data_version"], name="reports_result_once")]
        indexes = [models.Index(fields=["made_at"], name="reports_result_age")]

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.format}"


class Report(models.Model):
    """One making of a definition, with the definition as it was. How far it is, is told by its job.

    ``scheduled_for`` is the turn that asked for it; empty when a person did.
    """

    definition = models.ForeignKey(ReportDefinition, on_delete=models.SET_NULL, related_name="+", null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=80)
    document = models.JSONField()
    first_on = models.DateField()
    last_on = models.DateField()
    digest = models.CharField(max_length=64)
    scheduled_for = models.DateTimeField(null=True)
    key = models.CharField(max_length=60, blank=True)
    job_id = models.BigIntegerField(null=True)
    result = models.ForeignKey(ReportResult, on_delete=models.SET_NULL, related_name="+", null=True)
    is_from_cache = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["definition", "scheduled_for"], name="reports_report_turn_once"),
            models.UniqueConstraint(
                fields=["owner", "key"], condition=~models.Q(key=""), name="reports_report_key_once"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="reports_report_owner"),
            models.Index(fields=["definition", "-id"], name="reports_report_definition"),
            models.Index(fields=["created_at"], name="reports_report_age"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.pk}"


class ReportDelivery(models.Model):
    """One reader who was written to about a report, once."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    way = models.CharField(max_length=10)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="reports_delivery_once")]

    def __str__(self) -> str:
        return f"{self.report_id} to {self.user_id}"
