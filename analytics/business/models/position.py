"""How far the rollups have read."""

from django.db import models


class Position(models.Model):
    """``seq``: every journal record of the market up to it is counted, and every trade and transfer of those records.
    ``trade_id`` is the newest trade among them. Market 0 is the ledger outside of markets; its ``seq`` is the id of
    the newest entry of the issuance account."""

    market_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(db_default=0)
    trade_id = models.BigIntegerField(db_default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"market {self.market_id} read to {self.seq}"


class DirtyDay(models.Model):
    """A day whose site figures have to be worked out again."""

    day = models.DateField(primary_key=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.day)


class Restatement(models.Model):
    """What was added to a day after the day had been over for a while: a late settlement of an import, for example.

    Figures as they were known at a moment are today's less the restatements recorded after it.
    """

    recorded_at = models.DateTimeField(db_index=True)
    day = models.DateField()
    market_id = models.BigIntegerField()
    trades = models.BigIntegerField()
    volume = models.BigIntegerField()
    fee_income = models.BigIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day} restated at {self.recorded_at}"
