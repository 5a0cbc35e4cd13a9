"""What the site's prices said at some time before the close, and what came of it."""

from django.db import models


class SiteForecast(models.Model):
    """The price of an outcome ``hours`` before its market closed; probabilities and payouts in 1/1,000,000."""

    pk = models.CompositePrimaryKey("market_id", "outcome", "hours")
    market_id = models.BigIntegerField()
    outcome = models.PositiveSmallIntegerField()
    hours = models.PositiveSmallIntegerField()
    topic_id = models.BigIntegerField()
    probability = models.IntegerField()
    payout = models.IntegerField()
    brier = models.BigIntegerField()
    log_loss = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"outcome {self.outcome} of market {self.market_id}, {self.hours} h before"


class SiteBin(models.Model):
    """One tenth of the site's calibration curve at a horizon; topic 0 holds every topic."""

    pk = models.CompositePrimaryKey("hours", "topic_id", "bin")
    hours = models.PositiveSmallIntegerField()
    topic_id = models.BigIntegerField()
    bin = models.PositiveSmallIntegerField()
    forecasts = models.BigIntegerField()
    said = models.BigIntegerField()
    happened = models.BigIntegerField()
    brier = models.BigIntegerField()
    log_loss = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"tenth {self.bin}, {self.hours} h before"
