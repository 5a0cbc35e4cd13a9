"""Who is called in which order, and who is on call when."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext

from alerting.models.incident import Incident
from common.phrases import said


class OnCallSchedule(models.Model):
    """``document`` holds the rotations as ``alerting.engine.escalation_documents`` writes them."""

    name = models.CharField(max_length=60)
    document = models.JSONField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="alerting_schedule_name")]

    def __str__(self) -> str:
        return self.name


class OnCallOverride(models.Model):
    """One person instead of whoever it would be; the end is excluded, the later one wins."""

    schedule = models.ForeignKey(OnCallSchedule, on_delete=models.CASCADE, related_name="overrides")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    author = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["schedule", "ends_at"], name="alerting_override_end")]

    def __str__(self) -> str:
        return gettext("schedule %(number)s from %(time)s") % {"number": self.schedule_id, "time": self.starts_at}


class EscalationPlan(models.Model):
    """A policy. The one that is the default is meant where a rule names none."""

    name = models.CharField(max_length=60)
    document = models.JSONField()
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="alerting_plan_name"),
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="alerting_plan_default_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EscalationRun(models.Model):
    """One escalation with the policy as it was when it began; ``state`` is ``alerting.engine.escalation.Escalation``.

    ``due_at`` is when it has something to do; empty when it never has again unless somebody acts.
    """

    key = models.CharField(max_length=64)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="+")
    policy = models.CharField(max_length=60)
    state = models.JSONField()
    content = models.JSONField()
    status = models.CharField(max_length=12)
    severity = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    calls = models.PositiveIntegerField(default=0)
    healed = models.PositiveIntegerField(default=0)
    late_ms_max = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=models.Q(ended_at=None), name="alerting_run_open_once")
        ]
        indexes = [
            models.Index(fields=["due_at"], name="alerting_run_due", condition=models.Q(due_at__isnull=False)),
            models.Index(fields=["-began_at"], name="alerting_run_began"),
            models.Index(fields=["incident"], name="alerting_run_incident"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {said(self.status)}"
