"""Liquidity of a market's maker rule that traders have added."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Provision(models.Model):
    """``quantity`` lots of the rule's b are this trader's, and with them that part of all it owns. ``cost`` is what
    they have paid for it less what they received, cash units, shares counted at the price of the moment.

    PostgreSQL checks at each commit that a market's provisions sum to its ``added_liquidity`` (migration 0009).
    """

    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    quantity = models.BigIntegerField(default=0)
    cost = models.BigIntegerField(default=0)
    updated_at = models.DateTimeField()
    # As in ``Position``.
    settled_quantity = models.BigIntegerField(null=True, blank=True)
    settled_cost = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["market", "user"], name="trading_provision_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="trading_provision_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of b"
