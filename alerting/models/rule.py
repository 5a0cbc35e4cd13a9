"""What is watched, and how each label set of it stands."""

from django.db import models
from django.db.models.functions import Lower


class Category(models.TextChoices):
    """What part of the site a rule is about."""

    SYSTEM = "system", "System"
    BUSINESS = "business", "Business"
    INFRASTRUCTURE = "infrastructure", "Infrastructure"
    SECURITY = "security", "Security"


class AlertRule(models.Model):
    """``document`` is the rule as ``alerting.engine.documents`` writes it, without its name.

    ``channels`` names who is told beside what the routes say; ``escalation`` is the name of a policy, empty for none.
    ``default`` is the name under which the product brings the rule; when it is deleted its row stays, so that it
    doesn't come back. ``noise`` and ``fired_7d`` are of the last week, worked out each hour.
    """

    name = models.CharField(max_length=80)
    category = models.CharField(max_length=16, choices=Category.choices, default=Category.SYSTEM)
    document = models.JSONField()
    channels = models.JSONField(default=list)
    escalation = models.CharField(max_length=60, blank=True)
    is_enabled = models.BooleanField(default=True)
    default = models.CharField(max_length=80, null=True, unique=True)  # noqa: DJ001  NULL is not a value
    is_deleted = models.BooleanField(default=False)
    noise = models.FloatField(null=True)
    fired_7d = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="alerting_rule_name", condition=models.Q(is_deleted=False))
        ]

    def __str__(self) -> str:
        return self.name


class RuleInstance(models.Model):
    """One label set that isn't normal, or was not long ago; see ``alerting.types.Instance``.

    ``fingerprint`` stands for the labels, which hold the rule's name.
    """

    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=32, unique=True)
    labels = models.JSONField()
    state = models.CharField(max_length=12)
    since = models.DateTimeField()
    cause = models.CharField(max_length=8)
    cause_since = models.DateTimeField()
    severity = models.PositiveSmallIntegerField()
    value = models.FloatField(null=True)
    fired_at = models.DateTimeField(null=True)
    level_at = models.DateTimeField(null=True)
    turns = models.JSONField(default=list)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.labels} {self.state}"


class ThresholdProposal(models.Model):
    """Another threshold for a rule, worked out from its history and people's verdicts; only people apply it."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    severity = models.PositiveSmallIntegerField()
    threshold = models.FloatField()
    proposed = models.FloatField()
    fired = models.PositiveIntegerField()
    would_fire = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "severity"], condition=models.Q(status="open"), name="alerting_proposal_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.threshold:g} to {self.proposed:g}"
