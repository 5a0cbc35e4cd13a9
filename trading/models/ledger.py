"""The ledger: append-only, every transfer sums to zero (checked again by a deferred trigger)."""

from django.db import models
from django.utils.translation import gettext


class TransferKind(models.TextChoices):
    GRANT = "grant"
    SUBSIDY = "subsidy"
    TRADE = "trade"
    MINT = "mint"
    MERGE = "merge"
    SETTLEMENT = "settlement"
    VOID = "void"
    FEES = "fees"
    CONVERT = "convert"
    LIQUIDITY = "liquidity"


class LedgerTransfer(models.Model):
    """One balanced movement of cash; for trades, everything that one command moved (``seq``)."""

    kind = models.CharField(max_length=12, choices=TransferKind.choices)
    market = models.ForeignKey(
        "markets.Market",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    seq = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    memo = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["market", "seq"], name="trading_ledgertransfer_market")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class LedgerEntry(models.Model):
    """One line of a transfer. ``balance`` is the account's cash after it."""

    # Triggers check both references for a whole statement at once; accounts are never deleted.
    transfer = models.ForeignKey(
        LedgerTransfer, on_delete=models.PROTECT, related_name="entries", db_index=False, db_constraint=False
    )
    account = models.ForeignKey(
        "trading.Account", on_delete=models.PROTECT, related_name="entries", db_index=False, db_constraint=False
    )
    amount = models.BigIntegerField()
    balance = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="trading_ledgerentry_statement")]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "account"], name="trading_ledgerentry_once"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="trading_ledgerentry_amount"),
        ]

    def __str__(self) -> str:
        return gettext("%(amount)s on account %(number)s") % {"amount": self.amount, "number": self.account_id}
