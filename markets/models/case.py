"""What somebody has reported or asked staff to look at, and what staff decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from markets.types import CaseKind, CaseStatus, Decision, ReportReason


class Case(models.Model):
    """One thing that waits for a moderator, however many have reported it; of each thing at most one waits.

    ``comment`` is set for comments only. ``decided_at`` and what follows are empty while it waits; ``told_at`` until
    those who should know have been told. Rows are never deleted.
    """

    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in CaseKind])
    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+", db_index=False)
    comment = models.ForeignKey(
        "markets.Comment", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    status = models.CharField(max_length=8, choices=[(s.value, s.value) for s in CaseStatus])
    reports = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    decision = models.CharField(max_length=10, choices=[(d.value, d.value) for d in Decision], blank=True)
    reason = models.CharField(max_length=500, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["comment"], condition=Q(status="waiting", kind="comment"), name="markets_case_comment"
            ),
            models.UniqueConstraint(
                fields=["market", "kind"],
                condition=Q(status="waiting") & ~Q(kind="comment"),
                name="markets_case_market",
            ),
            models.CheckConstraint(condition=Q(kind="comment") ^ Q(comment=None), name="markets_case_subject"),
            models.CheckConstraint(
                condition=(Q(status="waiting", decided_at=None, decision=""))
                | (Q(status="decided", decided_at__isnull=False, decided_by__isnull=False) & ~Q(decision="")),
                name="markets_case_decided",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(status="waiting"), name="markets_case_waiting"),
            models.Index(fields=["-decided_at", "-id"], condition=Q(status="decided"), name="markets_case_done"),
            models.Index(fields=["id"], condition=Q(status="decided", told_at=None), name="markets_case_untold"),
            models.Index(fields=["market"], name="markets_case_of_market"),
        ]

    def __str__(self) -> str:
        return gettext("case %(number)s") % {"number": self.pk}


class Report(models.Model):
    """What one person said about what a case is of."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="said", db_index=False)
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=[(r.value, r.value) for r in ReportReason])
    text = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["case", "reporter"], name="markets_report_once")]

    def __str__(self) -> str:
        return f"report {self.pk}"
