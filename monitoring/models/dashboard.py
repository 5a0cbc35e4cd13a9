"""Dashboards that people made for themselves."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower


class Dashboard(models.Model):
    """``layout`` is the ordered list of panels, as ``monitoring.engine.layout`` describes them.

    ``share_token`` is the secret part of the link that others may read it by; None while it isn't shared.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    span = models.CharField(max_length=4)
    layout = models.JSONField()
    share_token = models.CharField(max_length=43, null=True, unique=True)  # noqa: DJ001  NULL is not a value
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        permissions = [
            ("view_measurement", "Can read measurements"),
            ("operate_platform", "Can let the platform run itself"),
        ]
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="monitoring_dashboard_name"),
        ]

    def __str__(self) -> str:
        return self.name


class WriteProbe(models.Model):
    """One row that is written to find out whether the database takes writes."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"written {self.at}"
