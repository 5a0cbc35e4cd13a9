"""Orders and the submissions that made them."""

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from trading.types import UNFIRED, OrderStatus, OrderType, SelfTradePolicy, Side, TimeInForce

#: Filters of orders that rest and of those that wait: each has an index of its own, which both together wouldn't use.
OPEN_FILTERS: Final = (Q(status=OrderStatus.OPEN), Q(status__in=UNFIRED))


class Order(models.Model):
    """An accepted order, in the asked view. ``id`` is also its time priority within the market, unless an amend
    gave it another ``priority``; both come from one sequence."""

    id = models.BigIntegerField(primary_key=True)
    # Written under the locks of the market's head and the trader's wallet, which prove that both exist.
    market = models.ForeignKey(
        "markets.Market", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    client_order_id = models.CharField(max_length=64, help_text="Unique by its submission.")
    outcome = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=4, choices=[(s.value, s.value) for s in Side])
    type = models.CharField(max_length=12, choices=[(t.value, t.value) for t in OrderType])
    time_in_force = models.CharField(max_length=4, choices=[(t.value, t.value) for t in TimeInForce])
    price = models.IntegerField(null=True)
    quantity = models.BigIntegerField()
    cost_max = models.BigIntegerField(null=True)
    post_only = models.BooleanField(default=False)
    self_trade_policy = models.CharField(max_length=16, choices=[(p.value, p.value) for p in SelfTradePolicy])
    valid_until = models.DateTimeField(null=True)
    filled = models.BigIntegerField(default=0)
    cost = models.BigIntegerField(default=0)
    fee = models.BigIntegerField(default=0)
    hold_cash = models.BigIntegerField(default=0)
    hold_shares = models.BigIntegerField(default=0)
    # Of few orders, written beside the others' statements.
    priority = models.BigIntegerField(null=True, help_text="Place at its price of an order sent to the back.")
    proceeds_min = models.BigIntegerField(null=True)
    reduce_only = models.BooleanField(default=False, db_default=False)
    trigger_price = models.IntegerField(null=True, help_text="Of a stop, in ticks and as asked.")
    linked_to = models.BigIntegerField(null=True, help_text="The other order of a pair.")
    group_id = models.BigIntegerField(null=True, help_text="The order group that counts its fills.")
    status = models.CharField(max_length=12, choices=[(s.value, s.value) for s in OrderStatus])
    seq = models.BigIntegerField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["market", "id"], condition=Q(status="open"), name="trading_order_open"),
            models.Index(fields=["user", "-id"], name="trading_order_user"),
            models.Index(fields=["user", "market"], condition=Q(status="open"), name="trading_order_user_open"),
            models.Index(
                fields=["market", "id"],
                condition=Q(status__in=["waiting", "triggered"]),
                name="trading_order_waiting",
            ),
            models.Index(fields=["group_id"], condition=Q(group_id__isnull=False), name="trading_order_group"),
            models.Index(
                fields=["valid_until"], condition=Q(status="open", time_in_force="gtd"), name="trading_order_ends"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(filled__gte=0) & Q(filled__lte=F("quantity")), name="trading_order_filled"
            ),
            models.CheckConstraint(condition=Q(hold_cash__gte=0) & Q(hold_shares__gte=0), name="trading_order_holds"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "waiting", "triggered"]) | (Q(hold_cash=0) & Q(hold_shares=0)),
                name="trading_order_done_free",
            ),
        ]

    def __str__(self) -> str:
        return gettext("order %(number)s") % {"number": self.pk}


class Submission(models.Model):
    """The first answer to a client order id, kept for ever: accepted or refused, told byte for byte.

    ``answer`` is the document that was told; that to an order is kept as the values that it's written from."""

    pk = models.CompositePrimaryKey("user_id", "client_order_id")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    client_order_id = models.CharField(max_length=64)
    request_digest = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(help_text="HTTP status of the answer.")
    answer = models.TextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.client_order_id
