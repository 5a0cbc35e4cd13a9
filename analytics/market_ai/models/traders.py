"""What each trader has done, kept up as trades come, so that reading it doesn't grow with history."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class FoldedMarket(models.Model):
    """How far a market's trades are counted: up to the row ``trade_id``, told by the book at ``book_trade_at``."""

    market = models.OneToOneField("markets.Market", on_delete=models.CASCADE, primary_key=True, related_name="+")
    trade_id = models.BigIntegerField(default=0)
    book_trade_at = models.DateTimeField(null=True)
    is_settled = models.BooleanField(default=False)
    # Which settlement was counted, and whether as won or lost; a void one is no track record.
    settled_at = models.DateTimeField(null=True)
    is_scored = models.BooleanField(default=False, db_default=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"market {self.market_id} up to trade {self.trade_id}"


class TraderMarket(models.Model):
    """One trader in one market. ``volume`` and ``profit`` cash units; ``profit`` once the market is paid out."""

    pk = models.CompositePrimaryKey("market_id", "user_id")
    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    trades = models.IntegerField(default=0)
    volume = models.BigIntegerField(default=0)
    last_trade_at = models.DateTimeField()
    profit = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["market", "last_trade_at"], name="market_ai_tradermarket_recent"),
            models.Index(fields=["user"], condition=Q(profit=None), name="market_ai_tradermarket_open"),
        ]

    def __str__(self) -> str:
        return f"trader {self.user_id} in market {self.market_id}"


class TraderTopic(models.Model):
    """One trader in the markets of one topic."""

    pk = models.CompositePrimaryKey("user_id", "topic_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    topic = models.ForeignKey("markets.Topic", on_delete=models.CASCADE, related_name="+", db_index=False)
    trades = models.IntegerField(default=0)
    volume = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"trader {self.user_id} in topic {self.topic_id}"


class TraderFigures(models.Model):
    """One trader in all. ``settled`` markets that were paid out by a resolution, ``won`` of them with a profit;
    ``profit`` and ``volume`` cash units, ``profit_squares`` in credits squared. A trade counts for both sides."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    trades = models.BigIntegerField(default=0)
    volume = models.BigIntegerField(default=0)
    markets = models.IntegerField(default=0)
    settled = models.IntegerField(default=0)
    won = models.IntegerField(default=0)
    profit = models.BigIntegerField(default=0)
    profit_squares = models.FloatField(default=0.0)
    first_trade_at = models.DateTimeField()
    last_trade_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"figures of trader {self.user_id}"
