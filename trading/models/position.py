"""Shares that traders and the maker rule own."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext


class Position(models.Model):
    """Shares of one outcome. ``user`` is empty for the market's maker rule. ``cost`` is what the trader
    has paid less received for this outcome (cash units, fees included), for the average price."""

    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    outcome = models.PositiveSmallIntegerField()
    quantity = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    cost = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField()
    # What they were when the market was settled, so that a settlement can be undone.
    settled_quantity = models.BigIntegerField(null=True, blank=True)
    settled_cost = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["market", "user", "outcome"], name="trading_position_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(held__gte=0) & Q(quantity__gte=F("held")), name="trading_position_held"),
        ]

    def __str__(self) -> str:
        return gettext("%(quantity)s of outcome %(outcome)s") % {"quantity": self.quantity, "outcome": self.outcome}
