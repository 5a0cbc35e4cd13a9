"""Price history: open, high, low, close and volume, written with each command that trades."""

from django.db import models


class CandleInterval(models.TextChoices):
    MINUTE = "1m"
    HOUR = "1h"
    DAY = "1d"


class Candle(models.Model):
    """Prices in 1/1,000,000; ``starts_at`` is the beginning of the interval, UTC."""

    pk = models.CompositePrimaryKey("market_id", "outcome", "interval", "starts_at")
    market = models.ForeignKey("markets.Market", on_delete=models.CASCADE, related_name="+", db_index=False)
    outcome = models.PositiveSmallIntegerField()
    interval = models.CharField(max_length=2, choices=CandleInterval.choices)
    starts_at = models.DateTimeField()
    open = models.IntegerField()
    high = models.IntegerField()
    low = models.IntegerField()
    close = models.IntegerField()
    volume = models.BigIntegerField()
    trades = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.interval} {self.starts_at}"
