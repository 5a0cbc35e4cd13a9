"""Trades: one row per fill, append-only, booked view."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext

from trading.types import FillKind, Side


class Trade(models.Model):
    # Written under the locks of the market's head and of both wallets, which prove that they exist.
    market = models.ForeignKey(
        "markets.Market", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    seq = models.BigIntegerField()
    line = models.PositiveSmallIntegerField(help_text="Number of the fill within its journal record, from 0.")
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in FillKind])
    outcome = models.PositiveSmallIntegerField()
    taker_side = models.CharField(max_length=4, choices=[(s.value, s.value) for s in Side])
    price = models.PositiveSmallIntegerField()
    quantity = models.BigIntegerField()
    cost = models.BigIntegerField()
    taker_order_id = models.BigIntegerField()
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    taker_fee = models.BigIntegerField()
    maker_order_id = models.BigIntegerField(null=True)
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,
    )
    maker_fee = models.BigIntegerField()
    probability = models.PositiveIntegerField(help_text="Price of the outcome after the command, in 1/1,000,000.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["market", "-id"], name="trading_trade_market"),
            models.Index(fields=["taker", "-id"], name="trading_trade_taker"),
            models.Index(fields=["maker", "-id"], condition=models.Q(maker__isnull=False), name="trading_trade_maker"),
            models.Index(fields=["taker_order_id"], name="trading_trade_taker_order"),
            models.Index(
                fields=["maker_order_id"],
                condition=models.Q(maker_order_id__isnull=False),
                name="trading_trade_maker_order",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="trading_trade_quantity"),
        ]

    def __str__(self) -> str:
        return gettext("trade %(number)s") % {"number": self.pk}
