"""What traders said by trading, and what came of it. Written by ``services.fold_records`` only."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class FoldedMarket(models.Model):
    """How far a market's journal is counted. ``prices`` as they were after ``seq``; ``settled_at`` and ``payouts`` (in
    1/10,000, none of a void market) are of the settlement that was counted."""

    market_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    trade_id = models.BigIntegerField(default=0)
    prices = ArrayField(models.IntegerField(), default=list)
    settled_at = models.DateTimeField(null=True)
    payouts = ArrayField(models.IntegerField(), default=list)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"market {self.market_id} up to {self.seq}"


class Forecast(models.Model):
    """Sums over the trades that somebody took on one outcome, by tenth of the probability after them.

    ``said``: the price that the trade led to; ``market``: the price right before. Squares in 1e-12; ``*_yes`` and
    ``*_no`` are the log losses (1e-6) that they would have if the outcome pays all or nothing.
    """

    pk = models.CompositePrimaryKey("market_id", "user_id", "outcome", "bin")
    market_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    outcome = models.PositiveSmallIntegerField()
    bin = models.PositiveSmallIntegerField()
    trades = models.BigIntegerField()
    said = models.BigIntegerField()
    said_squares = models.DecimalField(max_digits=38, decimal_places=0)
    said_yes = models.BigIntegerField()
    said_no = models.BigIntegerField()
    market = models.BigIntegerField()
    market_squares = models.DecimalField(max_digits=38, decimal_places=0)
    market_yes = models.BigIntegerField()
    market_no = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"forecasts of user {self.user_id} in market {self.market_id}"


class Result(models.Model):
    """One trader in one market that is over. Scores are empty for those who took no trade, and in void markets."""

    pk = models.CompositePrimaryKey("market_id", "user_id")
    market_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    topic_id = models.BigIntegerField()
    settled_at = models.DateTimeField()
    season = models.CharField(max_length=7, help_text="Month of the settlement: 2026-11.")
    profit = models.BigIntegerField()
    trades = models.BigIntegerField(null=True)
    brier = models.BigIntegerField(null=True)
    market_brier = models.BigIntegerField(null=True)
    log_loss = models.BigIntegerField(null=True)
    market_log_loss = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["user_id", "-settled_at", "-market_id"], name="skill_result_newest")]

    def __str__(self) -> str:
        return f"user {self.user_id} in market {self.market_id}"


class Standing(models.Model):
    """Sums of results, by season and topic; season ``all`` and topic 0 hold everything.

    ``*_gain`` is what the trader's forecasts were better than the market's price at the same moment.
    """

    pk = models.CompositePrimaryKey("season", "topic_id", "user_id")
    season = models.CharField(max_length=7)
    topic_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    markets = models.BigIntegerField()
    won = models.BigIntegerField()
    profit = models.BigIntegerField()
    scored = models.BigIntegerField()
    brier = models.BigIntegerField()
    market_brier = models.BigIntegerField()
    log_loss = models.BigIntegerField()
    market_log_loss = models.BigIntegerField()
    brier_gain = models.GeneratedField(
        expression=F("market_brier") - F("brier"), output_field=models.BigIntegerField(), db_persist=True
    )
    log_gain = models.GeneratedField(
        expression=F("market_log_loss") - F("log_loss"), output_field=models.BigIntegerField(), db_persist=True
    )

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["season", "topic_id", "-profit", "user_id"], name="skill_standing_profit"),
            models.Index(
                fields=["season", "topic_id", "-brier_gain", "user_id"],
                condition=Q(scored__gt=0),
                name="skill_standing_brier",
            ),
            models.Index(
                fields=["season", "topic_id", "-log_gain", "user_id"],
                condition=Q(scored__gt=0),
                name="skill_standing_log",
            ),
        ]

    def __str__(self) -> str:
        return f"user {self.user_id} in {self.season}"


class TraderBin(models.Model):
    """One tenth of a trader's calibration curve: a forecast is what they said of one outcome, on the mean."""

    pk = models.CompositePrimaryKey("user_id", "bin")
    user_id = models.BigIntegerField()
    bin = models.PositiveSmallIntegerField()
    forecasts = models.BigIntegerField()
    said = models.BigIntegerField()
    happened = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"tenth {self.bin} of user {self.user_id}"


class Mark(models.Model):
    """A trader's whole profit at the end of an hour (cash units): of markets that are over, and of open positions at
    the prices then. Nobody has one for an hour in which nothing could change; older days keep their last."""

    pk = models.CompositePrimaryKey("user_id", "at")
    user_id = models.BigIntegerField()
    at = models.DateTimeField(help_text="Beginning of the hour, UTC.")
    profit = models.BigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["at"], name="skill_mark_at")]

    def __str__(self) -> str:
        return f"user {self.user_id} at {self.at}"
