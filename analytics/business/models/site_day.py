"""What the managers' pages read first: one row a day for the whole site, however much happened on it."""

from django.db import models


class SiteDay(models.Model):
    """Sums of the day's rollups under the names of the measures; worked out again when one of them changes."""

    day = models.DateField(primary_key=True)
    days = models.PositiveSmallIntegerField(default=1)
    orders = models.BigIntegerField()
    trades = models.BigIntegerField()
    quantity = models.BigIntegerField()
    volume = models.BigIntegerField()
    rule_volume = models.BigIntegerField()
    taker_fees = models.BigIntegerField()
    maker_fees = models.BigIntegerField()
    impact = models.BigIntegerField()
    wash_quantity = models.BigIntegerField()
    created = models.IntegerField()
    opened = models.IntegerField()
    resolved = models.IntegerField()
    voided = models.IntegerField()
    disputed = models.IntegerField()
    sign_ups = models.IntegerField()
    funded = models.IntegerField()
    first_orders = models.IntegerField()
    first_fills = models.IntegerField()
    fee_income = models.BigIntegerField()
    fees_refunded = models.BigIntegerField()
    granted = models.BigIntegerField()
    subsidies_paid = models.BigIntegerField()
    subsidies_returned = models.BigIntegerField()
    paid_out = models.BigIntegerField()
    maker_result = models.BigIntegerField()
    settled = models.IntegerField()
    resolve_s = models.BigIntegerField()
    resolve_count = models.IntegerField()
    brier = models.BigIntegerField()
    log_loss = models.BigIntegerField()
    scored = models.IntegerField()
    dau = models.IntegerField(help_text="Different people with an accepted order on the day,")
    wau = models.IntegerField(help_text="in the seven days that end with it,")
    mau = models.IntegerField(help_text="and in the thirty days.")

    class Meta:
        default_permissions = ()
        permissions = [("view_business", "Can see business figures")]

    def __str__(self) -> str:
        return str(self.day)


class BookDay(models.Model):
    """Samples of a market's book on a day: spreads in ticks, worth of what rests near the best price in cash units."""

    pk = models.CompositePrimaryKey("day", "market_id")
    day = models.DateField()
    market_id = models.BigIntegerField()
    samples = models.IntegerField(db_default=0)
    spreads = models.IntegerField(db_default=0, help_text="Samples with both sides.")
    spread = models.BigIntegerField(db_default=0)
    depth_1 = models.BigIntegerField(db_default=0)
    depth_5 = models.BigIntegerField(db_default=0)
    depth_10 = models.BigIntegerField(db_default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"book of market {self.market_id} on {self.day}"


class Reconciliation(models.Model):
    """The rollups held against the ledger at one moment; ``lines`` as told on the revenue page."""

    at = models.DateTimeField()
    difference = models.BigIntegerField(help_text="Sum of the absolute differences, cash units.")
    lines = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.difference} at {self.at}"
