"""Who decides a market together, and what each says."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext


class CommitteeSeat(models.Model):
    """One member; the columns of the vote are empty until it is cast, and change with it until the vote ends."""

    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="seats")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    payouts = ArrayField(models.PositiveIntegerField(), null=True, blank=True)
    value = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    voted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "member"], name="markets_committeeseat_once"),
            models.CheckConstraint(
                condition=Q(voted_at__isnull=True, payouts__isnull=True)
                | (Q(voted_at__isnull=False, payouts__isnull=False) & ~Q(reason="")),
                name="markets_committeeseat_vote",
            ),
        ]

    def __str__(self) -> str:
        return gettext("seat %(number)s of market %(market)s") % {"number": self.pk, "market": self.market_id}
