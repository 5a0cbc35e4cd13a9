"""Accounts of the double-entry ledger."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class AccountKind(models.TextChoices):
    WALLET = "wallet"
    COLLATERAL = "collateral"
    MAKER = "maker"
    FEES = "fees"
    ISSUANCE = "issuance"
    HOUSE = "house"


class Account(models.Model):
    """``cash`` is the sum of the account's ledger entries; ``held`` of it is reserved by open orders.

    A wallet has a user, collateral, maker and fees have a market, issuance and house have neither: a trigger of
    PostgreSQL sees to it (migration 0007).
    """

    kind = models.CharField(max_length=12, choices=AccountKind.choices)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    market = models.ForeignKey("markets.Market", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    cash = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["market", "kind"], condition=Q(market__isnull=False), name="trading_account_market_kind"
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(kind__in=["issuance", "house"]), name="trading_account_global_kind"
            ),
            models.CheckConstraint(condition=Q(held__gte=0), name="trading_account_held"),
            models.CheckConstraint(condition=Q(kind="issuance") | Q(cash__gte=F("held")), name="trading_account_cash"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def available(self) -> int:
        return self.cash - self.held
