"""What a reader wants to know of a market now, stored when it changes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class MarketBook(models.Model):
    """Prices in 1/1,000,000 per outcome, volume in cash units (cost of all fills), counts. ``added_liquidity``: lots
    of the maker rule's b beyond the market's own.

    The ``*_24h`` columns are refreshed each minute from the candles; the others with each command.
    """

    market = models.OneToOneField("markets.Market", on_delete=models.CASCADE, primary_key=True, related_name="+")
    seq = models.BigIntegerField(default=0)
    maker_quantities = ArrayField(models.BigIntegerField(), default=list)
    added_liquidity = models.BigIntegerField(default=0, db_default=0)
    prices = ArrayField(models.IntegerField(), default=list)
    prices_24h_ago = ArrayField(models.IntegerField(), default=list)
    volume = models.BigIntegerField(default=0)
    volume_24h = models.BigIntegerField(default=0)
    trades = models.BigIntegerField(default=0)
    traders = models.IntegerField(default=0)
    last_trade_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-volume_24h", "market"], name="trading_marketbook_volume"),
            models.Index(
                fields=["market"], condition=models.Q(settled_at__isnull=True), name="trading_marketbook_unsettled"
            ),
        ]

    def __str__(self) -> str:
        return f"book of market {self.market_id}"
