"""The rollups: sums of a day, written by adding what is new. Days are of UTC, amounts in cash units, shares in lots."""

from django.db import models


class MarketFacts(models.Model):
    """What the figures are told by, and how the market ended. Scores are sums over its ``scored`` outcomes, of the
    probability a day before the close: ``brier`` in 1e-12, ``log_loss`` in 1e-6."""

    market_id = models.BigIntegerField(primary_key=True)
    slug = models.CharField(max_length=120)
    question = models.CharField(max_length=240)
    topic = models.CharField(max_length=60)
    kind = models.CharField(max_length=16)
    status = models.CharField(max_length=16)
    settled_on = models.DateField(null=True)
    maker_result = models.BigIntegerField(db_default=0)
    resolve_s = models.BigIntegerField(null=True)
    brier = models.BigIntegerField(db_default=0)
    log_loss = models.BigIntegerField(db_default=0)
    scored = models.IntegerField(db_default=0)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["settled_on"], name="business_market_settled")]

    def __str__(self) -> str:
        return self.slug


class ScoredOutcome(models.Model):
    """A probability and what came of it, for the calibration curve. Both in 1/1,000,000."""

    pk = models.CompositePrimaryKey("market_id", "outcome")
    market_id = models.BigIntegerField()
    outcome = models.PositiveSmallIntegerField()
    settled_on = models.DateField()
    probability = models.IntegerField()
    payout = models.IntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["settled_on"], name="business_scored_settled")]

    def __str__(self) -> str:
        return f"outcome {self.outcome} of market {self.market_id}"


class MarketDay(models.Model):
    """What happened in a market on a day; the ids tell where the rows behind it begin and end."""

    pk = models.CompositePrimaryKey("day", "market_id")
    day = models.DateField()
    market_id = models.BigIntegerField()
    orders = models.BigIntegerField(db_default=0)
    trades = models.BigIntegerField(db_default=0)
    quantity = models.BigIntegerField(db_default=0)
    volume = models.BigIntegerField(db_default=0)
    rule_volume = models.BigIntegerField(db_default=0)
    taker_fees = models.BigIntegerField(db_default=0)
    maker_fees = models.BigIntegerField(db_default=0)
    impact = models.BigIntegerField(db_default=0, help_text="Sum over trades, in 1/1,000,000.")
    wash_quantity = models.BigIntegerField(db_default=0)
    created = models.IntegerField(db_default=0)
    opened = models.IntegerField(db_default=0)
    resolved = models.IntegerField(db_default=0)
    voided = models.IntegerField(db_default=0)
    disputed = models.IntegerField(db_default=0)
    first_trade = models.BigIntegerField(null=True)
    last_trade = models.BigIntegerField(null=True)
    first_seq = models.BigIntegerField(null=True)
    last_seq = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["market_id", "-day"], name="business_marketday_market")]

    def __str__(self) -> str:
        return f"market {self.market_id} on {self.day}"


class TraderDay(models.Model):
    """What somebody did in a market on a day; ``taken`` and ``made`` are fills of their orders."""

    pk = models.CompositePrimaryKey("day", "user_id", "market_id")
    day = models.DateField()
    user_id = models.BigIntegerField()
    market_id = models.BigIntegerField()
    orders = models.BigIntegerField(db_default=0)
    taken = models.BigIntegerField(db_default=0)
    made = models.BigIntegerField(db_default=0)
    volume = models.BigIntegerField(db_default=0)
    fees = models.BigIntegerField(db_default=0)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["user_id", "-day"], name="business_traderday_user"),
            models.Index(fields=["market_id", "-day"], name="business_traderday_market"),
        ]

    def __str__(self) -> str:
        return f"user {self.user_id} on {self.day}"


class PairDay(models.Model):
    """Lots of an outcome that two people bought of each other on a day; ``low_id`` is the smaller id."""

    pk = models.CompositePrimaryKey("day", "market_id", "outcome", "low_id", "high_id")
    day = models.DateField()
    market_id = models.BigIntegerField()
    outcome = models.PositiveSmallIntegerField()
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    low_bought = models.BigIntegerField(db_default=0)
    high_bought = models.BigIntegerField(db_default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"users {self.low_id} and {self.high_id} on {self.day}"


class HourOfDay(models.Model):
    """When people trade."""

    pk = models.CompositePrimaryKey("day", "hour")
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    orders = models.BigIntegerField(db_default=0)
    trades = models.BigIntegerField(db_default=0)
    volume = models.BigIntegerField(db_default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day} {self.hour}:00"


class LedgerDay(models.Model):
    """Entries of the ledger by kind of account and of transfer; those of a day sum to zero. Market 0: none."""

    pk = models.CompositePrimaryKey("day", "market_id", "account_kind", "transfer_kind")
    day = models.DateField()
    market_id = models.BigIntegerField()
    account_kind = models.CharField(max_length=12)
    transfer_kind = models.CharField(max_length=12)
    amount = models.BigIntegerField(db_default=0)
    credited = models.BigIntegerField(db_default=0, help_text="Sum of the entries above zero.")
    entries = models.BigIntegerField(db_default=0)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["market_id", "-day"], name="business_ledgerday_market")]

    def __str__(self) -> str:
        return f"{self.account_kind} {self.transfer_kind} on {self.day}"


class Trader(models.Model):
    """The first times of a person, simulated traders included."""

    user_id = models.BigIntegerField(primary_key=True)
    handle = models.CharField(max_length=32, db_default="")
    is_simulated = models.BooleanField(db_default=False)
    signed_up_on = models.DateField(null=True)
    joined_on = models.DateField(null=True, help_text="Sign-up, or the first order if that was imported and earlier.")
    funded_on = models.DateField(null=True)
    first_order_on = models.DateField(null=True)
    first_fill_on = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["joined_on"], name="business_trader_joined"),
            models.Index(fields=["funded_on"], name="business_trader_funded"),
            models.Index(fields=["first_order_on"], name="business_trader_ordered"),
            models.Index(fields=["first_fill_on"], name="business_trader_filled"),
        ]

    def __str__(self) -> str:
        return f"user {self.user_id}"
