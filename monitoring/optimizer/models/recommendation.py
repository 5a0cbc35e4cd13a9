"""What was found, what was done about it, and what came of it.

Contract   Of a rule and its subject at most one recommendation is open, and of a subsystem at most one change is being
           watched: both by constraint, so that no two processes can differ.
"""

from django.conf import settings
from django.db import models

from common.tuning.declared import Subsystem
from monitoring.optimizer.types import OPEN, WATCHED, Act, Action, Risk, Status, Strategy


class Recommendation(models.Model):
    """``confidence`` is what was promised when it was made. ``before`` holds what an undo needs. ``change`` is the
    measured share, above zero for the worse; empty while nothing is known. ``is_judged``: its effect decided, nobody's
    wish, so that it says something about the rule."""

    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=250)
    subsystem = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Subsystem])
    title = models.CharField(max_length=250)
    why = models.TextField()
    evidence = models.JSONField()
    evidence_query = models.TextField()
    act = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Act])
    target = models.CharField(max_length=250, blank=True)
    value = models.FloatField(null=True)
    details = models.JSONField(default=dict)
    risk = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Risk])
    metric = models.CharField(max_length=250)
    load = models.CharField(max_length=64)
    is_gain = models.BooleanField()
    expected = models.FloatField()
    expected_low = models.FloatField()
    expected_high = models.FloatField()
    confidence = models.FloatField()
    blast_radius = models.TextField()
    undo = models.TextField()
    priority = models.PositiveSmallIntegerField()
    status = models.CharField(
        max_length=12, choices=[(one.value, one.value) for one in Status], default=Status.PROPOSED.value
    )
    reason = models.CharField(max_length=250, blank=True)
    strategy = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Strategy])
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    before = models.JSONField(default=dict)
    change = models.FloatField(null=True)
    change_low = models.FloatField(null=True)
    change_high = models.FloatField(null=True)
    pairs = models.PositiveIntegerField(default=0)
    is_judged = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["-created_at"], name="optimizer_newest"),
            models.Index(fields=["rule", "status"], name="optimizer_record"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject"],
                condition=models.Q(status__in=sorted(OPEN)),
                name="optimizer_open_once",
            ),
            models.UniqueConstraint(
                fields=["subsystem"],
                condition=models.Q(status__in=sorted(WATCHED)),
                name="optimizer_one_change",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def action(self) -> Action:
        return Action(Act(self.act), self.target, self.value, self.details)

    @property
    def is_reversible(self) -> bool:
        return self.action.is_reversible

    @property
    def is_advice(self) -> bool:
        return self.act == Act.ADVICE
