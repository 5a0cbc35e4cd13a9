"""What happened: times of firing, folded into incidents, with everything that people and the program did."""

from django.db import models

from alerting.models.rule import AlertRule


class IncidentStatus(models.TextChoices):
    """Where an incident stands with people."""

    OPEN = "open", "Open"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    RESOLVED = "resolved", "Resolved"


class Verdict(models.TextChoices):
    """What people think of an alert afterwards."""

    OPEN = "", "Not judged"
    USEFUL = "useful", "Useful"
    NOISE = "noise", "Noise"


class Incident(models.Model):
    """Alerts that belong together. ``cause`` is the alert that probably came first in the chain.

    An acknowledgement holds until ``acknowledged_until``, or for good when that is empty.
    """

    title = models.CharField(max_length=200)
    status = models.CharField(max_length=12, choices=IncidentStatus.choices, default=IncidentStatus.OPEN)
    severity = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cause = models.ForeignKey("Alert", null=True, on_delete=models.SET_NULL, related_name="+")
    cause_reason = models.CharField(max_length=300, blank=True)
    assignee = models.CharField(max_length=150, blank=True)
    acknowledged_by = models.CharField(max_length=150, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_until = models.DateTimeField(null=True)
    #: Set by whoever lists incidents: alerts of it, and those that fire.
    count: int = 0
    firing: int = 0

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["-started_at"], name="alerting_incident_start"),
            models.Index(fields=["-last_at"], name="alerting_incident_open", condition=models.Q(ended_at=None)),
            models.Index(
                fields=["acknowledged_until"],
                name="alerting_incident_lapse",
                condition=models.Q(ended_at=None, acknowledged_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Alert(models.Model):
    """One time of firing of a label set; ``ended_at`` is empty while it fires. A re-fired alert is another row."""

    rule = models.ForeignKey(AlertRule, null=True, on_delete=models.SET_NULL, related_name="+")
    rule_name = models.CharField(max_length=80)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.SET_NULL, related_name="alerts")
    fingerprint = models.CharField(max_length=32)
    labels = models.JSONField()
    series = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=12)
    severity = models.PositiveSmallIntegerField()
    value = models.FloatField(null=True)
    reason = models.CharField(max_length=500)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    #: When somebody ended it by hand; it fires anew only after its condition has ended.
    resolved_by = models.CharField(max_length=150, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices, blank=True, default=Verdict.OPEN)
    acknowledged_by = models.CharField(max_length=150, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    suppressed = models.CharField(max_length=16, blank=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["-started_at"], name="alerting_alert_start"),
            models.Index(fields=["rule", "-started_at"], name="alerting_alert_rule"),
            models.Index(fields=["incident"], name="alerting_alert_incident"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"], condition=models.Q(ended_at=None), name="alerting_alert_fires_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_name} {self.state}"


class EntryKind(models.TextChoices):
    """What a line of the timeline tells."""

    TRANSITION = "transition", "Change of state"
    NOTICE = "notice", "Somebody was told"
    ESCALATION = "escalation", "Escalation"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    LAPSED = "lapsed", "Acknowledgement ran out"
    ASSIGNED = "assigned", "Assigned"
    COMMENT = "comment", "Comment"
    RESOLVED = "resolved", "Resolved"
    VERDICT = "verdict", "Judged"
    JOINED = "joined", "Joined an incident"


class TimelineEntry(models.Model):
    """A line that never changes. A transition that doesn't fire has a rule and no alert.

    ``facts`` of a transition are its ``before``, ``after``, ``severity``, ``value`` and labels.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    text = models.CharField(max_length=2_000)
    rule = models.ForeignKey(AlertRule, null=True, on_delete=models.SET_NULL, related_name="+")
    alert = models.ForeignKey(Alert, null=True, on_delete=models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="+")
    actor = models.CharField(max_length=150, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["incident", "at"], name="alerting_entry_incident"),
            models.Index(fields=["alert", "at"], name="alerting_entry_alert"),
            models.Index(fields=["rule", "-at"], name="alerting_entry_rule"),
            models.Index(fields=["at"], name="alerting_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.kind}"
