"""What staff do to a market only in pairs: one asks for it with a reason, another agrees."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from markets.types import OverrideKind, OverrideStatus


class Override(models.Model):
    """``payouts`` and ``value`` say the result of a ``resolve``. A row is decided once and then stays as it is."""

    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="overrides")
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in OverrideKind])
    payouts = ArrayField(models.PositiveIntegerField(), null=True, blank=True)
    value = models.CharField(max_length=40, blank=True)
    reason = models.TextField()
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="Nobody can approve it after this moment.")
    status = models.CharField(
        max_length=12, choices=[(s.value, s.value) for s in OverrideStatus], default=OverrideStatus.WAITING.value
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")), name="markets_override_two"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "withdrawn", "expired"], decided_by__isnull=True)
                | Q(status__in=["approved", "declined"], decided_by__isnull=False),
                name="markets_override_decided",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in OverrideKind])
                & (Q(kind="resolve") | (Q(payouts__isnull=True) & Q(value=""))),
                name="markets_override_kind",
            ),
            models.UniqueConstraint(fields=["market"], condition=Q(status="waiting"), name="markets_override_waiting"),
        ]

    def __str__(self) -> str:
        return gettext("%(kind)s of market %(market)s: %(status)s") % {
            "kind": self.get_kind_display(),
            "market": self.market_id,
            "status": self.get_status_display(),
        }
