"""The journal of each market, and the head row whose lock orders everything that happens to it."""

from typing import Any

from django.conf import settings
from django.db import models

from markets.types import EventKind


class MarketHead(models.Model):
    """The newest ``seq`` of a market's journal. Its row lock is the market's lock."""

    market = models.OneToOneField("markets.Market", on_delete=models.CASCADE, primary_key=True, related_name="head")
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"market {self.market_id} at {self.seq}"


class RecordField(models.JSONField):
    """JSON kept as it was written. Records are read whole, and ``jsonb`` takes twice the time and room."""

    def db_type(self, connection: Any) -> str:
        return "json"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        # psycopg has decoded it.
        return value


class MarketEvent(models.Model):
    """One journal record; append-only, ``seq`` per market without gaps from 1."""

    # Written under the lock of the market's head, which proves that it exists; people are never deleted.
    market = models.ForeignKey(
        "markets.Market", on_delete=models.PROTECT, related_name="events", db_index=False, db_constraint=False
    )
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in EventKind])
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    data = RecordField(default=dict)

    class Meta:
        ordering = ["market", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["market", "seq"], name="markets_marketevent_seq"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="markets_marketevent_seq_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.seq}"
